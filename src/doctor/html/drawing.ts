import type { ByteComparison } from '../../core/match.ts';
import type { EntryVerdict, Explanation, Level } from '../../registration/index.ts';
import { html, type Markup } from './markup.ts';

/** What execve does with the file that was asked about: header, mask and magic of the entries that come near. */
export function drawingSection({ levels, verdict }: Explanation): Markup {
  const paint = verdict.outcome === 'fails' ? 'error-text' : 'ok-text';
  return html`<section aria-labelledby="file">
    <h2 id="file">The file, as the kernel sees it</h2>
    ${levels.map(levelPart)}
    <p>
      <span class="${paint}"
        >${verdict.outcome}${verdict.errno === undefined ? '' : ` with ${verdict.errno}`}</span
      >: ${verdict.reason}
    </p>
  </section>`;
}

function levelPart({ path, content, entries, winner }: Level): Markup {
  const near = entries.filter(({ bytes, result }) => bytes.length > 0 || result !== 'differs');
  return html`<h3><code>${path}</code></h3>
    <p class="soft">${describe(content)}${winner === undefined ? '' : `; the entry ${winner} takes it`}</p>
    ${near.map(entryPart)}`;
}

function entryPart({ name, owner, interpreter, result, reason, bytes }: EntryVerdict): Markup {
  return html`<details${result === 'wins' || result === 'differs' ? open : undefined}>
    <summary>
      <strong>${name}</strong> <span class="soft">of ${owner.kind}, runs ${interpreter ?? 'what cannot be read'}</span>:
      ${reason}
    </summary>
    ${bytes.length === 0 ? undefined : bytesPart(bytes)}
  </details>`;
}

const open = html` open`;

function bytesPart(bytes: readonly ByteComparison[]): Markup {
  return html`<p class="soft">
      Each byte: its place, the file's, the mask, what the entry wants. Dotted: not compared.
    </p>
    <ul class="bytes">
      ${bytes.map(
        ({ position, found, mask, expected, equal }) =>
          html`<li class="${equal ? (mask === 0 ? 'unmasked' : 'equal') : 'differs'}">
            <span class="soft">${position}</span><span>${hex(found)}</span
            ><span class="soft">${hex(mask)}</span
            ><span>${hex(expected)}</span>${equal ? undefined : html`<span class="error-text">differs</span>`}
          </li>`,
      )}
    </ul>`;
}

function describe(content: Level['content']): string {
  switch (content.kind) {
    case 'elf':
      return `ELF, ${content.architecture ?? `machine ${content.machine}`}, ${content.class} bits, ${content.endianness}-endian, ${content.linkage}${content.isNative ? ', native here' : ''}`;
    case 'script':
      return `script, run by ${content.interpreter}`;
    case 'other':
      return content.description;
    case 'unseen':
      return `${content.reason} (${content.errno})`;
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
