import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { forgetWantedTable, hookFailurePathIn } from '../private-table/index.ts';
import { hookProgramPath, rootlessDirectory, trialDirectory } from './own-directory.ts';

/** What all engines share goes when none is left: first what tells hooks what to do, then their program. */
export function forgetAll(host: Pick<Host, 'files'>, state: string): void {
  const { files } = host;
  forgetWantedTable(host, state);
  files.remove(hookFailurePathIn(state));
  files.remove(trialDirectory(state));
  files.remove(hookProgramPath(state));
  ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => {
    files.removeDirectory(rootlessDirectory(state));
  });
}
