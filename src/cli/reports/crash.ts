import type { AdvisoryMatch } from '../../advisories/index.ts';
import { debianArchitecture } from '../../core/debian-architecture.ts';
import { printable } from '../../core/printable.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Emulator } from '../../emulators/index.ts';
import type { Crash } from '../../guest-crash/index.ts';
import { formatAdvisories } from './advisories.ts';

export interface CrashContext {
  readonly emulator: Pick<Emulator, 'target' | 'version'>;
  readonly program: string;
  readonly advisories: readonly AdvisoryMatch[];
}

/** For standard error: what crashed, what is known of it, what to do next. */
export function formatCrash(crash: Crash, { emulator, program, advisories }: CrashContext): string {
  const name = `qemu-${emulator.target} ${emulator.version}`;
  const who = crash.isOfChild ? 'a program that the guest had started' : printable(program);
  const lines = [
    `anyarch: ${headline(crash, who, name)}`,
    ...(crash.message === undefined ? [] : [`  it said: ${printable(crash.message)}`]),
    ...(crash.kind === 'aborted' ? [] : formatAdvisories(advisories)),
    ...nextSteps(crash, emulator.target, program),
  ];
  return `${lines.join('\n')}\n`;
}

function headline(crash: Crash, who: string, emulator: string): string {
  const { kind, signal = 'a signal', isOfChild } = crash;
  // The guest may as well have returned that code, or printed that line, by itself.
  const was = isOfChild ? 'may have been' : 'was';
  const by = isOfChild ? ' (so say only its exit code or what was printed)' : '';
  switch (kind) {
    case 'emulator':
      if (isOfChild) return `the emulator itself may have failed (${emulator}, ${signal})${by}`;
      return `the emulator itself failed (${emulator}, ${signal}), not the program in it`;
    case 'program':
      return `${who} ${was} ended by ${signal} in its own code, under ${emulator}${by}: it has a fault, or was emulated wrongly`;
    case 'aborted':
      if (isOfChild) return `${who} may have ended itself (SIGABRT), under ${emulator}${by}`;
      return `${who} ended itself (SIGABRT), under ${emulator}: it has most likely said why`;
    case 'start':
      return `${emulator} could not start ${who}`;
    case 'either':
      return `${who} ${was} ended by ${signal}, under ${emulator}${by}. "QEMU internal ${signal}" above means that the emulator failed, "uncaught target signal" that the program did; --explain-crash tells them apart`;
  }
}

function nextSteps({ kind }: Crash, target: string, program: string): string[] {
  const debug = `anyarch debug -a ${debianArchitecture(target) ?? target} ${shellWord(program)}`;
  switch (kind) {
    case 'emulator':
      return [
        '  next: use another version with --qemu VERSION; anyarch emulators list shows those that are here',
      ];
    case 'aborted':
      return [];
    case 'start':
      return ['  next: anyarch doctor --error - tells more, given that message'];
    case 'program':
    case 'either':
      return [
        `  next: try another version with --qemu VERSION: where that works, the emulator was at fault; or look into it: ${debug}`,
      ];
  }
}
