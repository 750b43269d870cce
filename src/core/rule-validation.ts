import { AnyarchError } from './error.ts';
import { ruleLimits } from './rule-data.ts';
import type { Rule } from './rule-data.ts';
import { encodeUtf8, quote } from './text.ts';

/**
 * Refuses rules that the kernel takes but that cannot work or harm: a relative interpreter, a magic that every file
 * has. All problems at once.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID; `details.problems` has them one by one.
 */
export function validateRule(rule: Rule): void {
  const problems = ruleProblems(rule);
  if (problems.length === 0) return;
  throw new AnyarchError(
    'ANYARCH_RULE_INVALID',
    `the rule ${quote(rule.name)} cannot be used: ${problems.join('; ')}`,
    {
      hint: 'Correct the rule; nothing was registered.',
      details: { errno: 'EINVAL', problems },
    },
  );
}

/** What `validateRule` refuses, empty for a good rule. */
export function ruleProblems(rule: Rule): string[] {
  return [...nameProblems(rule.name), ...interpreterProblems(rule.interpreter), ...matcherProblems(rule)];
}

function nameProblems(name: string): string[] {
  const problems: string[] = [];
  if (name === '' || name === '.' || name === '..' || name.includes('/') || hasControl(name)) {
    problems.push(`${quote(name)} is no file name`);
  }
  if (name === 'register' || name === 'status') problems.push(`the kernel keeps the name ${name} for itself`);
  if (encodeUtf8(name).length > ruleLimits.name)
    problems.push(`the name is longer than ${ruleLimits.name} bytes`);
  return problems;
}

function interpreterProblems(interpreter: string): string[] {
  const shown = quote(interpreter, 120);
  const problems: string[] = [];
  // The kernel takes a relative path and looks it up in the working directory of whoever executes a program.
  if (!interpreter.startsWith('/')) problems.push(`the interpreter ${shown} is no absolute path`);
  // An entry's text is read line by line.
  if (hasControl(interpreter)) problems.push(`the interpreter ${shown} contains a control character`);
  // Documentation/admin-guide/binfmt-misc.rst speaks of 127 characters; no kernel since 3.x has that limit.
  if (interpreter.length >= ruleLimits.longest) problems.push('the interpreter does not fit into a rule');
  return problems;
}

function matcherProblems(rule: Rule): string[] {
  const { magic, mask, offset } = rule;
  if (rule.kind === 'extension') {
    const isUsable =
      magic.length > 0 && !magic.some((byte) => byte <= 0x20 || byte === dot || byte === slash);
    return isUsable
      ? []
      : ['the extension is empty, or contains a dot (only the last one counts), a slash or white space'];
  }
  const problems: string[] = [];
  if (!Number.isInteger(offset) || offset < 0 || offset + magic.length > ruleLimits.header) {
    problems.push(`offset ${offset} and magic reach behind the first ${ruleLimits.header} bytes of the file`);
  }
  if (mask !== undefined && mask.length !== magic.length) {
    problems.push(`the mask has ${mask.length} bytes, the magic ${magic.length}`);
  }
  if (magic.length === 0 || mask?.every((byte) => byte === 0) === true) {
    problems.push('every file would match');
  }
  return problems;
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 0x20 || text.charCodeAt(index) === 0x7f) return true;
  }
  return false;
}

const dot = 0x2e;
const slash = 0x2f;
