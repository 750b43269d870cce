export { namespaceTitle, type DescribedNamespace } from './describe-namespace.ts';
export type { TableInForce, TableWarning } from './report.ts';
export { tableInForce, type TableOptions } from './table-in-force.ts';
