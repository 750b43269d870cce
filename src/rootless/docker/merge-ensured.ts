import type { Ensured } from '../../private-table/index.ts';

/** One report for two namespaces: a failure in either counts. */
export function mergeEnsured(first: Ensured, second: Ensured): Ensured {
  const seconds = new Map(second.architectures.map((one) => [one.architecture, one]));
  return {
    table: [first, second].find(({ table }) => table === 'made')?.table ?? first.table,
    architectures: first.architectures.map((one) => {
      const other = seconds.get(one.architecture);
      return other === undefined || one.outcome === 'failed' || one.outcome === 'added' ? one : other;
    }),
    copied: [...new Set([...first.copied, ...second.copied])],
    notCopied: [...new Map([...first.notCopied, ...second.notCopied].map((one) => [one.name, one])).values()],
  };
}
