import type { Explanation } from '../../registration/index.ts';
import type { ArchitectureState } from '../architecture-matrix.ts';
import type { CheckResult, Diagnosis } from '../diagnosis.ts';
import type { Fix } from '../repair.ts';
import { understood } from '../understood.ts';
import { checksSection } from './checks.ts';
import { drawingSection } from './drawing.ts';
import { faultArticle } from './faults.ts';
import { fixesSection } from './fixes.ts';
import { html, type Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import { style } from './style.ts';

export interface PageContent {
  readonly diagnosis: Diagnosis;
  /** What `--fix` did before this diagnosis was made, or with `--dry-run` would do; undefined where it was not asked for. */
  readonly fixes?: readonly Fix[] | undefined;
  /** Or why they could not be examined. */
  readonly architectures: readonly ArchitectureState[] | string;
  /** Of the file that was asked about. */
  readonly explanation: Explanation | undefined;
  /** Of whom it is for: `sudo` stands before what needs root where they are not. */
  readonly isRoot: boolean;
  readonly machine: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly version: string;
}

/** The report as one page of HTML that stands alone: no scripts, nothing that is fetched, readable on a phone. */
export function doctorPage(content: PageContent): string {
  const { diagnosis, fixes, explanation, architectures } = content;
  const { checks } = diagnosis;
  const unknown = checks.filter(({ verdict }) => verdict.status === 'unknown');
  // Nothing but the style below is loaded or run, whatever a text from outside might have become.
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>anyarch doctor: ${headlines[diagnosis.outcome]}</title>
        <style>
          ${{ markup: style }}
        </style>
      </head>
      <body>
        <main>
          ${summarySection(content)} ${fixes === undefined ? undefined : fixesSection(fixes)}
          ${findingsSection(content)} ${unknownSection(unknown)}
          ${explanation === undefined ? undefined : drawingSection(explanation)}
          ${matrixSection(architectures)} ${checksSection(checks)}
        </main>
      </body>
    </html> `;
  return page.markup;
}

function summarySection({ diagnosis, machine, at, version }: PageContent): Markup {
  const { asked, checks, outcome } = diagnosis;
  const subjects: readonly (readonly [string, string | undefined])[] = [
    ['Engine', asked.scope],
    ['Image', asked.image],
    ['File', asked.file],
    ['Root', asked.root],
    ['Message', asked.message === undefined ? undefined : understood(asked.message)],
    ['Machine', machine],
    ['Examined', `${at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}, by anyarch ${version}`],
  ];
  return html`<header>
    <h1>${headlines[outcome]}</h1>
    <p>
      ${checks.length} checks: ${count(checks, 'fault')} with a finding, ${count(checks, 'ok')} without,
      ${count(checks, 'skipped')} that do not apply, ${count(checks, 'unknown')} that could not be made.
    </p>
    <dl>
      ${subjects.map(([name, text]) =>
        text === undefined
          ? undefined
          : html`<dt>${name}</dt>
              <dd>${text}</dd>`,
      )}
    </dl>
    ${asked.message === undefined ? undefined : messagePart(asked.message)}
  </header>`;
}

function messagePart({ lines, text }: { readonly lines: readonly string[]; readonly text: string }): Markup {
  return html`${lines.slice(0, 5).map((line) => html`<pre>${line}</pre>`)}
    <details>
      <summary>The whole message</summary>
      <pre>${text}</pre>
    </details>`;
}

function findingsSection({ diagnosis, isRoot }: PageContent): Markup | undefined {
  const { causes, explaining, checks, asked } = diagnosis;
  const found = causes.flatMap((id) => checks.filter((check) => check.id === id));
  if (found.length === 0) return undefined;
  const likely = found.filter(({ id }) => explaining.includes(id));
  const others = found.filter(({ id }) => !explaining.includes(id));
  const part = (id: string, title: string, faults: readonly CheckResult[]): Markup | undefined =>
    faults.length === 0
      ? undefined
      : html`<section aria-labelledby="${id}">
          <h2 id="${id}">${title}</h2>
          ${faults.map((fault) => faultArticle(fault, isRoot))}
        </section>`;
  return html`${part('causes', 'Likely causes of the message', likely)}
  ${part('findings', asked.message === undefined ? 'Findings' : 'Found besides', others)}`;
}

function unknownSection(unknown: readonly CheckResult[]): Markup | undefined {
  if (unknown.length === 0) return undefined;
  return html`<section aria-labelledby="unknown">
    <h2 id="unknown">Could not be examined</h2>
    <ul>
      ${unknown.map(({ question, verdict }) => html`<li>${question} ${verdict.status === 'unknown' ? verdict.reason : ''}</li>`)}
    </ul>
  </section>`;
}

const headlines: Readonly<Record<Diagnosis['outcome'], string>> = {
  ok: 'No fault was found',
  notes: 'No fault was found, and some things are worth knowing',
  warnings: 'It works, with warnings',
  errors: 'Something does not work',
};

function count(checks: readonly CheckResult[], status: CheckResult['verdict']['status']): number {
  return checks.filter(({ verdict }) => verdict.status === status).length;
}
