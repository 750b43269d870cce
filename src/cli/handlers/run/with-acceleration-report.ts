import { resolve } from 'node:path';
import { followLog } from '../../../accelerate/index.ts';
import { encodeUtf8 } from '../../../core/text.ts';
import { fileFailure } from '../../../host/file-failure.ts';
import type { Host } from '../../../host/host.ts';
import { stateDirectory } from '../../../host/state-directory.ts';
import type { Outcome } from '../../command.ts';

/**
 * Follows the log while a guest runs and writes the report to a file.
 *
 * @throws AnyarchError when the log cannot be followed, before the guest starts, or the report not be written, after its end
 */
export async function withAccelerationReport(
  host: Host,
  file: string,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const path = resolve(file);
  const log = await followLog(host, stateDirectory(host.system));
  try {
    return await run();
  } finally {
    write(host, path, await log.stop());
  }
}

function write({ files }: Pick<Host, 'files'>, path: string, report: object): void {
  try {
    files.writeAtomic(path, encodeUtf8(`${JSON.stringify(report, undefined, 1)}\n`), 0o644);
  } catch (error) {
    throw fileFailure(error, path, 'set --acceleration-report');
  }
}
