import type { Architecture } from '../core/architecture.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { ignoring } from '../host/system-error.ts';
import type { Bind } from '../run/index.ts';
import { mountPoint, setsFiles, toolSetsDirectory, toolTreeDirectory } from '../tool-tree/index.ts';

/** What an engine is given as a volume. */
export interface AccelerationVolume {
  /** The tool tree, on the host. */
  readonly source: string;
  readonly target: string;
  /** Of `--volume`, behind the second colon. */
  readonly options: readonly string[];
}

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * The tool tree for a guest of `runGuest`; undefined where there is none, where the caller's environment turns acceleration
 * off, or where it could not do anything: the emulator is a plain one, or nothing is prepared for the architecture. A guest
 * that gets it gives up a capability, so no other may get it. It may vanish before the guest starts, which then does without.
 */
export function treeBind(host: Parts, architecture: Architecture, emulator: Emulator): Bind | undefined {
  if (emulator.interposed === undefined) return undefined;
  const source = usableTree(host);
  if (source === undefined || !serves(host, source, architecture)) return undefined;
  return { source, target: mountPoint, readOnly: true, kind: 'directory', optional: true, isPowerless: true };
}

/** The tool tree for an engine's `--volume`; undefined where there is none, or the caller's environment turns it off. */
export function accelerationVolume(host: Parts): AccelerationVolume | undefined {
  const source = usableTree(host);
  if (source === undefined) return undefined;
  return { source, target: mountPoint, options: ['ro', 'nosuid', 'nodev'] };
}

const unseen = ['EACCES', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'];

/** native/runtime/tree.c asks the same. */
function usableTree({ files, system }: Parts): string | undefined {
  if (system.environment['ANYARCH_ACCELERATE'] === '0') return undefined;
  return ignoring(unseen, () => {
    const directory = files.resolve(toolTreeDirectory(stateDirectory(system)));
    // Without a recipe nothing can be substituted.
    return files.list(`${directory}/r`).length > 0 ? directory : undefined;
  });
}

/** Whether any set in the tree was made for guests of an architecture. Documents are not read to their end, which is far off. */
function serves({ files, system }: Parts, tree: string, { debian }: Architecture): boolean {
  const directory = `${toolSetsDirectory(stateDirectory(system))}/${setsFiles.pairings}`;
  const names = ignoring(unseen, () => files.list(directory)) ?? [];
  return names.some((name) => {
    const head = ignoring(unseen, () => decodeUtf8(files.readAt(`${directory}/${name}`, 0, headBytes))) ?? '';
    const [, set] = /"set": "([a-z2-7]{6})"/.exec(head) ?? [];
    const [, served] = /"debian": "([a-z0-9-]+)"/.exec(head) ?? [];
    if (set === undefined || served === undefined || !debian.includes(served)) return false;
    return ignoring(unseen, () => files.status(`${tree}/${set}`))?.kind === 'directory';
  });
}

/** Both stand before anything that is long (src/tool-tree/store/pairing.ts), as documents are written in the order of their fields. */
const headBytes = 8192;
