import { findNodes } from './syntax-tree.mjs';

/**
 * Replaces literals by `new RegExp`: the bytecode of a literal holds the compiled expression in the byte order of the
 * machine that compiled it. One without a state of its own is made at its first use and kept.
 *
 * @returns {import('rolldown').Plugin}
 */
export function regexpsAtRunTime() {
  return {
    name: 'regexps-at-run-time',
    renderChunk(code) {
      const literals = findRegexps(code);
      let result = '';
      let end = 0;
      for (const [index, { start, end: next, pattern, flags }] of literals.entries()) {
        const made = `new RegExp(${[pattern, ...(flags === '' ? [] : [flags])].map((text) => JSON.stringify(text)).join(', ')})`;
        const kept = /[gy]/.test(flags) ? made : `($regexp${index} ??= ${made})`;
        result += code.slice(end, start) + kept;
        end = next;
      }
      const names = literals.map((_, index) => `$regexp${index}`);
      const declared = names.length === 0 ? '' : `var ${names.join(', ')};\n`;
      return declared + result + code.slice(end);
    },
  };
}

/** @param {string} code @returns {{ start: number, end: number, pattern: string, flags: string }[]} in their order */
export function findRegexps(code) {
  const literals = findNodes(code, ({ type, regex }) => type === 'Literal' && Boolean(regex));
  return literals.map(({ start, end, regex: { pattern, flags } }) => ({ start, end, pattern, flags }));
}
