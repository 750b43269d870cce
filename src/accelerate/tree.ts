import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { ignoring } from '../host/system-error.ts';
import type { Bind } from '../run/index.ts';
import { mountPoint, toolTreeDirectory } from '../tool-tree/index.ts';

/** What an engine is given as a volume. */
export interface AccelerationVolume {
  /** The tool tree, on the host. */
  readonly source: string;
  readonly target: string;
  /** Of `--volume`, behind the second colon. */
  readonly options: readonly string[];
}

type Parts = Pick<Host, 'files' | 'system'>;

/** The caller's tool tree, whether it is there or not. @throws AnyarchError ANYARCH_FILE */
function treeDirectory({ system }: Pick<Host, 'system'>): string {
  return toolTreeDirectory(stateDirectory(system));
}

/**
 * The tool tree for `runGuest`; undefined where there is none, or where the caller's environment turns acceleration off.
 * It may vanish before the guest starts, which then does without.
 */
export function treeBind(host: Parts): Bind | undefined {
  const source = usableTree(host);
  if (source === undefined) return undefined;
  return { source, target: mountPoint, readOnly: true, kind: 'directory', optional: true, isPowerless: true };
}

/** The tool tree for an engine's `--volume`; undefined as with `treeBind`. */
export function accelerationVolume(host: Parts): AccelerationVolume | undefined {
  const source = usableTree(host);
  if (source === undefined) return undefined;
  return { source, target: mountPoint, options: ['ro', 'nosuid', 'nodev'] };
}

function usableTree(host: Parts): string | undefined {
  if (host.system.environment['ANYARCH_ACCELERATE'] === '0') return undefined;
  return ignoring(['EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP'], () => {
    const directory = host.files.resolve(treeDirectory(host));
    // Of one that is being made there are no recipes yet.
    return host.files.status(`${directory}/r`)?.kind === 'directory' ? directory : undefined;
  });
}
