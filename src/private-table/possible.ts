import type { ErrorCode } from '../core/error-code.ts';
import { AnyarchError } from '../core/error.ts';
import type { Condition, ConditionHost, ConditionId } from './condition.ts';
import { namespaceCondition, tableConditions } from './namespace-conditions.ts';
import { subordinateConditions } from './subordinate-conditions.ts';
import { tryPrivateTable } from './try-table.ts';
import type { TableTrial } from './try-table.ts';

/** Makes a private table to find out; the result shows what is in the way. */
export type Trial = (host: ConditionHost) => TableTrial;

/**
 * What private tables need here, each with what was found. Found out by making a table in a namespace that ends at
 * once; versions and settings only tell why that fails. Nothing changes. About 5 ms, and some more without `getcap`.
 *
 * @throws AnyarchError ANYARCH_HOST_UNSUPPORTED, ANYARCH_PERMISSION where nothing can be tried
 */
export function privateTableConditions(
  host: ConditionHost,
  trial: Trial = tryPrivateTable,
): readonly Condition[] {
  const found = trial(host);
  return [namespaceCondition(host, found), ...tableConditions(host, found), ...subordinateConditions(host)];
}

/**
 * @param options.subordinateIds whether more than one id is to be mapped, as root file systems need. Fewer ids than
 *   usual are no error: many images do with them
 * @throws AnyarchError ANYARCH_NAMESPACE, ANYARCH_BINFMT_UNSUPPORTED, ANYARCH_SUBORDINATE_IDS, each with the remedy;
 *   and what `privateTableConditions` throws
 */
export function requirePrivateTables(
  host: ConditionHost,
  options: { readonly subordinateIds: boolean },
  trial: Trial = tryPrivateTable,
): void {
  const found = trial(host);
  require([namespaceCondition(host, found), ...tableConditions(host, found)]);
  if (options.subordinateIds) require(subordinateConditions(host));
}

const codes: Readonly<Record<ConditionId, ErrorCode | undefined>> = {
  'user-namespaces': 'ANYARCH_NAMESPACE',
  'binfmt-misc': 'ANYARCH_BINFMT_UNSUPPORTED',
  kernel: 'ANYARCH_NAMESPACE',
  'id-map-programs': 'ANYARCH_SUBORDINATE_IDS',
  'subordinate-ids': 'ANYARCH_SUBORDINATE_IDS',
  'mapped-ids': 'ANYARCH_SUBORDINATE_IDS',
  'enough-ids': undefined,
};

function require(conditions: readonly Condition[]): void {
  for (const { id, holds, evidence, remedy } of conditions) {
    const code = codes[id];
    if (holds !== false || code === undefined) continue;
    throw new AnyarchError(code, evidence, {
      ...(remedy === undefined ? {} : { hint: remedy }),
      details: { condition: id },
    });
  }
}
