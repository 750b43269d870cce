import { privateTableConditions, type Condition, type ConditionId } from '../../private-table/index.ts';
import { fact } from '../examination.ts';

/** What private tables need, found out by making one that ends at once. */
export const privateTables = fact(({ host }): readonly Condition[] => privateTableConditions(host));

export function conditionOf(conditions: readonly Condition[], id: ConditionId): Condition | undefined {
  return conditions.find((one) => one.id === id);
}
