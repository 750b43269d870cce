import type { ArchitectureState } from '../architecture-matrix.ts';
import { html, type Markup } from './markup.ts';

/** What happens to the programs of every architecture. */
export function matrixSection(states: readonly ArchitectureState[] | string): Markup {
  return html`<section aria-labelledby="architectures">
    <h2 id="architectures">Architectures</h2>
    ${typeof states === 'string' ? html`<p>This could not be examined: ${states}</p>` : matrix(states)}
  </section>`;
}

function matrix(states: readonly ArchitectureState[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="architectures">
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">Architecture</th>
          <th scope="col">Runs</th>
          <th scope="col">By what, or why not</th>
        </tr>
      </thead>
      <tbody>
        ${states.map(row)}
      </tbody>
    </table>
  </div>`;
}

function row({ name, platform, state, detail }: ArchitectureState): Markup {
  return html`<tr>
    <th scope="row">
      ${name}${platform === undefined ? undefined : html`<br /><span class="soft">${platform}</span>`}
    </th>
    <td><span class="${classes[state]}">${words[state]}</span></td>
    <td>${detail}</td>
  </tr>`;
}

const words: Readonly<Record<ArchitectureState['state'], string>> = {
  native: 'natively',
  emulated: 'emulated',
  untested: 'has an entry, not proven',
  fails: 'fails',
};

const classes: Readonly<Record<ArchitectureState['state'], string>> = {
  native: 'ok-text',
  emulated: 'ok-text',
  untested: 'warning-text',
  fails: 'error-text',
};
