import type { ArchitectureResult } from '../../registration/index.ts';
import type { Problem } from '../problem-list.ts';

/** What a step did, a line for each. */
export interface Done {
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
}

export function doneOf(results: readonly ArchitectureResult[]): Done {
  const lines: string[] = [];
  const problems: Problem[] = [];
  for (const { architecture, action, name, emulator, error } of results) {
    const subject = name ?? `qemu-${architecture ?? ''}`;
    if (error?.code === 'ANYARCH_NATIVE_ARCHITECTURE') lines.push(`left out ${subject}: ${error.message}`);
    else if (error !== undefined) problems.push({ ...error, subject });
    else if (action !== 'skip' && emulator !== undefined)
      lines.push(`${verbs[action]} ${subject} ${emulator.path} (QEMU ${emulator.version})`);
  }
  return { lines, problems };
}

const verbs: Readonly<Record<Exclude<ArchitectureResult['action'], 'skip'>, string>> = {
  add: 'registered',
  keep: 'kept',
  replace: 'replaced',
  remove: 'removed',
  release: 'given back',
  refuse: 'refused',
  absent: 'absent',
};
