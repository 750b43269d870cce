import { ruleLine } from './boot-entry.ts';
import { memberOf } from './emulator-set.ts';
import type { Surroundings } from './configuration.ts';
import type { FileOptions } from '../installed-files/index.ts';
import type { Persisted } from './document.ts';
import type { EnableOptions } from './options.ts';
import { reportedArchitecture, type PersistReport } from './report.ts';
import type { Selection } from './select.ts';
import type { BootState } from './state.ts';

/** What is known before anything is changed. */
export interface Prepared {
  readonly state: string;
  readonly options: EnableOptions;
  readonly fileOptions: FileOptions;
  readonly document: Persisted | undefined;
  readonly surroundings: Surroundings;
  readonly before: BootState;
  readonly after: BootState;
  readonly selection: Selection;
}

/** What is registered at boot afterwards. */
export function enabledOf({ after, selection }: Prepared): PersistReport['architectures'] {
  return after.entries.map((entry) => {
    const { path, version, sha256 } = memberOf(after.members, entry.target).description;
    const isAsked = selection.accepted.some(({ target }) => target === entry.target);
    return reportedArchitecture(entry.target, isAsked ? 'enabled' : 'kept', {
      name: entry.rule.name,
      rule: ruleLine(entry),
      emulator: { path, version, sha256 },
    });
  });
}

export function refusedOf({ refused }: Selection): PersistReport['architectures'] {
  return refused.map(({ architecture = '', error }) =>
    reportedArchitecture(architecture, 'failed', { error }),
  );
}
