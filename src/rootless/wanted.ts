import type { Host } from '../host/host.ts';
import { wantedArchitecture, type WantedArchitecture, type WantedTable } from '../private-table/index.ts';
import type { EnableOptions } from './options.ts';
import type { ReportedArchitecture } from './report.ts';

/** What every private table is to have: all but what the host's handles. */
export function wantedTable(
  host: Pick<Host, 'files' | 'clock' | 'system'>,
  emulated: EnableOptions['emulated'],
  byHost: ReadonlySet<string>,
): WantedTable {
  const architectures = emulated
    .filter(({ architecture }) => !byHost.has(architecture.name))
    .map(({ architecture, emulator }) => {
      const path = host.files.resolve(emulator.path);
      const { version, preservesArgv0 } = emulator;
      return wantedArchitecture(architecture, {
        path,
        version,
        sha256: emulator.sha256 ?? host.files.sha256(path),
        preservesArgv0,
      });
    });
  const at = new Date(host.clock.now()).toISOString();
  return { schema: 1, architectures, at, by: host.system.command ?? '' };
}

/** Those that the other table does not have, or otherwise. */
export function notIn(
  { architectures }: Pick<WantedTable, 'architectures'>,
  other: Pick<WantedTable, 'architectures'>,
): readonly WantedArchitecture[] {
  return architectures.filter((one) => !other.architectures.some((its) => isSame(one, its)));
}

export function compared(
  former: WantedTable | undefined,
  wanted: WantedTable,
  byHost: ReadonlySet<string>,
): ReportedArchitecture[] {
  const before = former?.architectures ?? [];
  const present = wanted.architectures.map((one): ReportedArchitecture => {
    const known = before.find(({ architecture }) => architecture === one.architecture);
    const change = known === undefined ? 'new' : isSame(known, one) ? 'same' : 'changed';
    return { architecture: one.architecture, outcome: 'wanted', change, emulator: one.emulator };
  });
  const isPresent = (name: string): boolean =>
    byHost.has(name) || wanted.architectures.some(({ architecture }) => architecture === name);
  const gone = before
    .filter(({ architecture }) => !isPresent(architecture))
    .map(({ architecture }): ReportedArchitecture => ({
      architecture,
      outcome: 'removed',
      change: 'removed',
    }));
  const hosts = [...byHost].map((architecture): ReportedArchitecture => ({
    architecture,
    outcome: 'host',
    change: 'none',
  }));
  return [...present, ...hosts, ...gone];
}

function isSame(one: WantedArchitecture, other: WantedArchitecture): boolean {
  return (
    one.architecture === other.architecture &&
    one.rule === other.rule &&
    one.emulator.sha256 === other.emulator.sha256
  );
}
