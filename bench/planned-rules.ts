import type { Rule } from '../src/index.ts';
import type { Library } from './library.ts';

/** What anyarch would write, as its own dry run says. */
export function plannedRules(library: Library, architectures: readonly string[] | 'all'): Rule[] {
  const { results } = library.register(library.nodeHost(), { architectures, dryRun: true });
  const rules = results.flatMap(({ rule }) => (rule === undefined ? [] : [library.parseRule(rule)]));
  if (rules.length === 0) throw new Error(`anyarch plans nothing: ${JSON.stringify(results)}`);
  return rules;
}
