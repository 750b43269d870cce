import type { Check } from '../../check.ts';
import { builderLacksPlatform } from './builder-lacks-platform.ts';
import { builderOwnEmulators } from './builder-own-emulators.ts';
import { engineElsewhere } from './engine-elsewhere.ts';
import { engineFails } from './engine-fails.ts';
import { engineHangs } from './engine-hangs.ts';
import { engineMissing } from './engine-missing.ts';
import { engineNotRunning } from './engine-not-running.ts';
import { engineRunsNoForeign } from './engine-runs-no-foreign.ts';
import { engineRuntimeMissing } from './engine-runtime-missing.ts';
import { engineSocketRefused } from './engine-socket-refused.ts';
import { engineStartsNothing } from './engine-starts-nothing.ts';
import { engineStorageNoexec } from './engine-storage-noexec.ts';
import { engineTableIncomplete } from './engine-table-incomplete.ts';
import { nodeEntriesNeedFiles } from './node-entries-need-files.ts';
import { nodeReadOnly } from './node-read-only.ts';
import { nodeWithoutRuntime } from './node-without-runtime.ts';
import { vmWithoutKvm } from './vm-without-kvm.ts';

export const engineChecks: readonly Check[] = [
  engineMissing,
  engineHangs,
  engineSocketRefused,
  engineNotRunning,
  engineRuntimeMissing,
  engineFails,
  engineStorageNoexec,
  engineStartsNothing,
  engineElsewhere,
  engineTableIncomplete,
  engineRunsNoForeign,
  builderLacksPlatform,
  builderOwnEmulators,
  nodeWithoutRuntime,
  nodeEntriesNeedFiles,
  nodeReadOnly,
  vmWithoutKvm,
];
