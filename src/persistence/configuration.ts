import { matchesMagic } from '../core/match.ts';
import { ruleLimits, type Rule } from '../core/rule.ts';
import { hexByte } from '../core/hex.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import type { WantedFile } from '../installed-files/index.ts';
import { ruleLine, type BootEntry } from './boot-entry.ts';
import type { InitName } from './init/init-name.ts';
import { openrcFiles } from './init/openrc.ts';
import { runitFiles } from './init/runit.ts';
import { shellProgramText } from './init/shell-program.ts';
import { systemdUnits, type SystemdFacts } from './init/systemd.ts';
import { compareBytes } from './order/binfmt-d.ts';
import type { BootRule } from './order/boot-rule.ts';
import { origin, rulesDirectory, shellProgram, templatesDirectory } from './places.ts';

/** What configuration depends on besides the entries. */
export interface Surroundings {
  readonly init: InitName;
  readonly systemd: SystemdFacts;
  /** Rules of the files in binfmt.d that are not ours. */
  readonly others: readonly BootRule[];
}

/**
 * The files that make an init register the entries, emulators apart.
 *
 * @throws AnyarchError ANYARCH_INIT_UNKNOWN where runit has no place for a script
 */
export function configurationFiles(
  host: Pick<Host, 'files'>,
  entries: readonly BootEntry[],
  { init, systemd, others }: Surroundings,
): WantedFile[] {
  if (entries.length === 0) return [];
  switch (init) {
    case 'systemd':
      return [
        ...(systemd.hasBinfmt ? entries.map((entry) => confFile(entry, others)) : []),
        ...(systemd.hasBinfmt && systemd.unregisters ? [] : shellFiles(entries)),
        ...systemdUnits(systemd),
      ];
    case 'debian':
      return entries.map(templateFile);
    case 'openrc':
      return [...shellFiles(entries), ...openrcFiles()];
    case 'runit': {
      const files = runitFiles(host);
      if (files === undefined) throw noRunitPlace();
      return [...shellFiles(entries), ...files];
    }
  }
}

/** Who is registered last is in force: the name sorts behind those of files that take the same programs. */
function confFile(entry: BootEntry, others: readonly BootRule[]): WantedFile {
  const rivals = others
    .filter(({ rule }) => takesProgramsOf(rule, entry.rule))
    .map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
  let name = `anyarch-${entry.target}.conf`;
  while (rivals.some((rival) => compareBytes(rival, name) >= 0)) {
    name = name.startsWith('zz') ? `z${name}` : `zz-${name}`;
  }
  return { path: `/etc/binfmt.d/${name}`, content: `${origin}\n${ruleLine(entry)}\n` };
}

/** Whether a rule matches what the other one is for. */
export function takesProgramsOf(rule: Rule, other: Rule): boolean {
  if (rule.kind !== 'magic') return false;
  const header = new Uint8Array(ruleLimits.header);
  header.set(other.magic, other.offset);
  return matchesMagic(header, rule);
}

function shellFiles(entries: readonly BootEntry[]): WantedFile[] {
  return [
    { path: shellProgram, content: shellProgramText(), mode: 0o755 },
    ...entries.map((entry) => ({
      path: `${rulesDirectory}/${entry.rule.name}`,
      content: `${ruleLine(entry)}\n`,
    })),
  ];
}

/** update-binfmts(8), binary format files. The package tells our formats from others'. */
function templateFile({ rule }: BootEntry): WantedFile {
  const yesOrNo = (wanted: boolean) => (wanted ? 'yes' : 'no');
  const lines = [
    'package anyarch',
    `interpreter ${rule.interpreter}`,
    `offset ${rule.offset}`,
    `magic ${escaped(rule.magic)}`,
    ...(rule.mask === undefined ? [] : [`mask ${escaped(rule.mask)}`]),
    `credentials ${yesOrNo(rule.flags.credentials)}`,
    `preserve ${yesOrNo(rule.flags.preserveArgv0)}`,
    `fix_binary ${yesOrNo(rule.flags.fixBinary)}`,
  ];
  return { path: `${templatesDirectory}/${rule.name}`, content: `${lines.join('\n')}\n` };
}

export function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${hexByte(byte)}`).join('');
}

function noRunitPlace(): AnyarchError {
  return new AnyarchError(
    'ANYARCH_INIT_UNKNOWN',
    'runit has no place for services here: neither /etc/runit/core-services nor a directory of services',
    { hint: 'make the one that your runsvdir(8) watches, such as /etc/service' },
  );
}
