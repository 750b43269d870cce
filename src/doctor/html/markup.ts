import { printableLines } from '../../core/printable.ts';

/** HTML that was made here; texts from outside are only ever its parts. */
export interface Markup {
  readonly markup: string;
}

export type Part = string | number | Markup | undefined | readonly (Markup | undefined)[];

/**
 * HTML whose values are texts, and escaped, unless they are HTML themselves. Characters that hide or reorder others are made visible.
 * Values stand in elements and in quoted attributes only.
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.map((text, index) => text + markupOf(parts[index])).join('') };
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return printableLines(text).replace(/[&<>"']/g, (character) => references[character] ?? character);
}
