import { followLog, type AccelerationReport, type FollowedLog } from '../../../accelerate/index.ts';
import type { BuildOptions, BuildReport } from '../../../build/index.ts';
import { AnyarchError } from '../../../core/error.ts';
import type { Host } from '../../../host/host.ts';

/**
 * Builds, and counts meanwhile what runs natively. That two commands cannot follow at the same time keeps nothing from
 * being built.
 */
export async function followedBuild(
  host: Host,
  { volume, dryRun, state }: Pick<BuildOptions, 'volume' | 'dryRun' | 'state'>,
  run: () => Promise<BuildReport>,
): Promise<{ readonly report: BuildReport; readonly acceleration: AccelerationReport | undefined }> {
  const log = volume === undefined || dryRun ? undefined : await following(host, state);
  try {
    const report = await run();
    return { report, acceleration: await log?.stop() };
  } catch (error) {
    await log?.stop();
    throw error;
  }
}

async function following(host: Host, state: string): Promise<FollowedLog | undefined> {
  try {
    return await followLog(host, state);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    host.log.warn(`what runs natively is not counted: ${error.message}`);
    return undefined;
  }
}
