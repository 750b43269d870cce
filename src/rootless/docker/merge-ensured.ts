import type { Ensured } from '../../private-table/index.ts';

/** One report for two namespaces: a failure in either counts. */
export function mergeEnsured(first: Ensured, second: Ensured): Ensured {
  const seconds = new Map(second.architectures.map((one) => [one.architecture, one]));
  return {
    table: [first, second].find(({ table }) => table === 'made')?.table ?? first.table,
    architectures: first.architectures.map((one) => {
      const other = seconds.get(one.architecture);
      const told = [one, ...(other === undefined ? [] : [other])];
      return (
        told.find(({ outcome }) => outcome === 'failed') ??
        told.find(({ outcome }) => outcome === 'added') ??
        one
      );
    }),
    copied: [...new Set([...first.copied, ...second.copied])],
    notCopied: [...new Map([...first.notCopied, ...second.notCopied].map((one) => [one.name, one])).values()],
  };
}
