import type { Fix } from '../repair.ts';
import { typedCommand } from '../typed-command.ts';
import { html, type Markup } from './markup.ts';

/** What `--fix` did, or would do. */
export function fixesSection(fixes: readonly Fix[]): Markup {
  return html`<section aria-labelledby="fixes">
    <h2 id="fixes">Remedies of anyarch</h2>
    ${fixes.length === 0 ? html`<p>No remedy is anyarch’s to apply.</p>` : fixes.map(fixPart)}
  </section>`;
}

const words: Readonly<Record<Fix['status'], string>> = {
  planned: 'Would be applied',
  'needs-root': 'Needs root, and was not tried',
  applied: 'Applied',
  failed: 'Failed',
};

function fixPart({ id, does, command, status, output }: Fix): Markup {
  const isRoot = status !== 'needs-root';
  return html`<p>${words[status]}, for ${id}: ${does}</p>
    <pre>${typedCommand({ command, needsRoot: !isRoot }, isRoot)}</pre>
    ${output === undefined ? undefined : html`<pre>${output}</pre>`}`;
}
