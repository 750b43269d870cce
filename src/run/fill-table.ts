import { AT_FDCWD, O_CLOEXEC, O_WRONLY } from '../core/launcher/constants.ts';
import type { Variable } from '../core/launcher/program.ts';
import type { TableRule } from '../private-table/index.ts';
import { optional, step } from './builder.ts';
import type { Builder } from './builder.ts';
import { privateTableStep } from './described-step.ts';
import type { DescribedStep } from './described-step.ts';

export function fillTable({ setup, text }: Builder): DescribedStep[] {
  const register: Variable = { variable: 'register' };
  return [
    step(privateTableStep, 'mount', ['binfmt_misc', text(setup.scratch), 'binfmt_misc', 0, 0]),
    step(
      'open the private table',
      'openat',
      [AT_FDCWD, text(`${setup.scratch}/register`), O_WRONLY | O_CLOEXEC, 0],
      {
        store: register,
      },
    ),
    ...setup.rules.map((rule) => registerRule(register, rule)),
    step('close the private table', 'close', [register]),
  ];
}

function registerRule(register: Variable, rule: TableRule): DescribedStep {
  const doing = `register ${rule.name} in the private table`;
  return step(doing, 'write', [register, rule.text, rule.text.length], rule.optional ? optional : {});
}
