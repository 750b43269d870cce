import type { CheckResult } from '../diagnosis.ts';
import { typedCommand } from '../typed-command.ts';
import type { Fault, Remedy } from '../verdict.ts';
import { html, type Markup } from './markup.ts';

/** A finding with all that is known of it. */
export function faultArticle({ id, question, explanation, verdict }: CheckResult, isRoot: boolean): Markup {
  if (verdict.status !== 'fault') return html``;
  const { severity, certainty, summary, evidence, remedies, references = [] } = verdict;
  return html`<article class="${severity}" id="${id}">
    <h3><span class="${severity}-text">${severityWords[severity]}</span> ${summary}</h3>
    <p class="soft">${question} <code>${id}</code>, ${certaintyWords[certainty]}</p>
    ${
      evidence.length === 0
        ? undefined
        : html`<ul>
            ${evidence.map((line) => html`<li>${line}</li>`)}
          </ul>`
    }
    <p>${explanation}</p>
    ${remedies.map((remedy, index) => remedyPart(remedy, index === 0 ? 'To do' : 'Or', isRoot))}
    ${references.map((reference) => html`<p class="soft">See ${link(reference)}</p>`)}
  </article>`;
}

function remedyPart({ does, ...remedy }: Remedy, label: string, isRoot: boolean): Markup {
  const command = typedCommand(remedy, isRoot);
  return html`<p><strong>${label}:</strong> ${does}</p>
    ${command === undefined ? undefined : html`<pre>${command}</pre>`}`;
}

/** Only what is an address leads anywhere. */
function link(reference: string): Markup {
  return /^https:\/\/[\w.-]+(?:\/|$)/.test(reference)
    ? html`<a href="${reference}" rel="noreferrer">${reference}</a>`
    : html`${reference}`;
}

const severityWords: Readonly<Record<Fault['severity'], string>> = {
  error: 'Error:',
  warning: 'Warning:',
  note: 'Note:',
};

const certaintyWords: Readonly<Record<Fault['certainty'], string>> = {
  proven: 'proven here',
  likely: 'likely',
  possible: 'possible',
};
