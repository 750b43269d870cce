import type { CheckResult } from '../diagnosis.ts';
import type { Verdict } from '../verdict.ts';
import { html, type Markup } from './markup.ts';

/** Every check with what it found; faults are told in full elsewhere. */
export function checksSection(checks: readonly CheckResult[]): Markup {
  return html`<section aria-labelledby="checks">
    <h2 id="checks">All checks</h2>
    ${checks.map(checkPart)}
  </section>`;
}

function checkPart({ id, question, explanation, verdict, durationMs }: CheckResult): Markup {
  return html`<details>
    <summary>${statusMark(verdict)} ${question} <code class="soft">${id}</code></summary>
    <p class="soft">${explanation}</p>
    ${detailOf(verdict)}
    <p class="soft">${Math.round(durationMs)} ms</p>
  </details>`;
}

function statusMark(verdict: Verdict): Markup {
  switch (verdict.status) {
    case 'ok':
      return html`<span class="ok-text">yes</span>`;
    case 'fault':
      return html`<span class="${verdict.severity}-text">${verdict.severity}</span>`;
    case 'skipped':
      return html`<span class="soft">does not apply</span>`;
    case 'unknown':
      return html`<span class="warning-text">could not be examined</span>`;
  }
}

function detailOf(verdict: Verdict): Markup {
  switch (verdict.status) {
    case 'ok':
      return html`<ul>
        ${verdict.evidence.map((line) => html`<li>${line}</li>`)}
      </ul>`;
    case 'fault':
      return html`<p>${verdict.summary}</p>
        <ul>
          ${verdict.evidence.map((line) => html`<li>${line}</li>`)}
        </ul>`;
    case 'skipped':
    case 'unknown':
      return html`<p>${verdict.reason}</p>`;
  }
}
