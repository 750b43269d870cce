import { AnyarchError } from '../../core/error.ts';
import { formatFlags } from '../../core/flags.ts';
import { requireEmulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { register } from '../../registration/index.ts';
import { emulatorAt } from '../emulator-at.ts';
import type { ConfiguredRule } from './configured-rule.ts';
import { doneOf, type Done } from './done.ts';

/** Every emulator of the image, with our own flags: F, and P where it is supported. */
export function registerImage(host: Host, configured: ReadonlySet<string>, isOptional: boolean): Done {
  try {
    const { results } = register(host, {
      architectures: 'all',
      adopt: true,
      choose: (target) => {
        if (!configured.has(target)) return requireEmulator(host, target);
        throw new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', 'a rule in binfmt.d names its own');
      },
    });
    return doneOf(results);
  } catch (error) {
    const isEmpty = error instanceof AnyarchError && error.code === 'ANYARCH_EMULATOR_NOT_FOUND';
    if (!isEmpty) throw error;
    if (isOptional) return { lines: [], problems: [] };
    throw new AnyarchError(error.code, 'this image has no emulators, and no rules in binfmt.d', {
      hint: 'use the tag "latest"; or mount an emulator, as /usr/bin/qemu-aarch64-static; or register paths with --reset',
      cause: error,
    });
  }
}

/** With the flags and the interpreters of the files, in the way that replaces without a gap and proves. */
export function registerConfigured(host: Host, rules: readonly ConfiguredRule[]): Done[] {
  const groups = new Map<string, ConfiguredRule[]>();
  for (const one of rules) {
    const flags = formatFlags(one.rule.flags);
    groups.set(flags, [...(groups.get(flags) ?? []), one]);
  }
  return [...groups.values()].map((group) => registerGroup(host, group));
}

/** Rules with the same flags. */
function registerGroup(host: Host, rules: readonly ConfiguredRule[]): Done {
  const interpreters = new Map(rules.map(({ architecture, rule }) => [architecture?.name, rule.interpreter]));
  const [first] = rules;
  if (first === undefined) return { lines: [], problems: [] };
  const { credentials, fixBinary, preserveArgv0 } = first.rule.flags;
  const { results } = register(host, {
    architectures: rules.flatMap(({ architecture }) => architecture?.name ?? []),
    adopt: true,
    credentials,
    fixBinary,
    preserveArgv0,
    unseen: !fixBinary,
    choose: (target) => emulatorAt(host, target, interpreters.get(target) ?? '', fixBinary),
  });
  return doneOf(results);
}
