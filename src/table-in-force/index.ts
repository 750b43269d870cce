export { namespaceTitle, userId, type DescribedNamespace } from './describe-namespace.ts';
export { explainFor, type ExplainedFor } from './explain-for.ts';
export { namespacesOfUser } from './namespaces-of-user.ts';
export { ownNamespace, type OwnNamespace } from './own-namespace.ts';
export type { TableInForce, TableWarning } from './report.ts';
export { tableInForce, type TableOptions } from './table-in-force.ts';
export { otherTables, type OtherTable } from './other-tables.ts';
