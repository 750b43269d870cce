import { parseAst } from 'rolldown/parseAst';

/**
 * The nodes of a script that are wanted, in their order.
 *
 * @param {string} code @param {(node: any) => boolean} isWanted @returns {any[]}
 */
export function findNodes(code, isWanted) {
  /** @type {any[]} */
  const found = [];
  const visit = (/** @type {any} */ node) => {
    if (typeof node !== 'object' || node === null) return;
    if (isWanted(node)) found.push(node);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(code));
  return found.sort((first, second) => first.start - second.start);
}
