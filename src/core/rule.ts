/** Rules and their codec: the one door to rule-data, rule-parser, rule-format and rule-validation. */
export { ruleLimits, type Rule } from './rule-data.ts';
export { parseRule } from './rule-parser.ts';
export { formatRule } from './rule-format.ts';
export { ruleProblems, validateRule } from './rule-validation.ts';
