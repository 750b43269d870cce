import { posix } from 'node:path';
import { decodeUtf8 } from '../../core/text.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { findDefinition } from '../definition/table.ts';
import { backingFile } from '../layers/backing-file.ts';
import { readMachine } from '../life/machine.ts';
import { processesThatName } from '../life/process.ts';
import { imagesDirectory, machinePlaces, machinesDirectory } from '../places.ts';
import { isOfVersion, presentPrograms } from '../tools/obtain-tools.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** What must stay, each with who needs it, for people. */
export interface Needed {
  /** Names of directories of base images. */
  readonly images: ReadonlyMap<string, string>;
  /** Digests of program sets; undefined where that cannot be told, so that all stay. */
  readonly sets: ReadonlyMap<string, string> | undefined;
}

/**
 * Goes by names and not by paths, because a directory may be called in several ways. Documents are searched as texts: what a damaged
 * one still names stays, too.
 *
 * @param layers that stay
 */
export function neededByMachines(host: Parts, layers: readonly string[]): Needed {
  const { files, system } = host;
  const images = new Map<string, string>();
  const sets = new Map<string, string>();
  const search = (text: string, who: string): void => {
    for (const [, name = ''] of text.matchAll(/\/machine-images\/([^/"\s]+)/g)) images.set(name, who);
    for (const [, digest = ''] of text.matchAll(/\/programs\/sets\/([0-9a-f]{32})/g)) sets.set(digest, who);
  };
  const names = machineDirectories(host);
  const texts = new Map<string, string>();
  for (const name of names)
    for (const path of documentsOf(host, name)) {
      const content = ignoring(['ENOENT', 'ENOTDIR', 'EISDIR'], () => files.read(path));
      if (content !== undefined) {
        texts.set(name, `${texts.get(name) ?? ''}\n${decodeUtf8(content)}`);
        search(decodeUtf8(content), name);
      }
    }
  for (const layer of layers) {
    const below = ignoring(['ENOENT'], () => backingFile(files, layer));
    if (below !== undefined && posix.dirname(posix.dirname(below)).endsWith('/machine-images'))
      images.set(posix.basename(posix.dirname(below)), 'a disk');
  }
  for (const directory of [imagesDirectory(system), posix.dirname(imagesDirectory(system))])
    for (const { pid, command } of processesThatName(host, directory))
      search(command.join('\n'), `process ${pid}`);
  const isCertain = names.every((name) => addTools(host, name, sets, texts.get(name) ?? ''));
  return { images, sets: isCertain ? sets : undefined };
}

/** Also of machines whose records are damaged, and of unfinished ones. */
function machineDirectories({ files, system }: Parts): string[] {
  const directory = machinesDirectory(system);
  const names = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(directory)) ?? [];
  return names.filter(
    (name) => !name.startsWith('.') && files.linkStatus(`${directory}/${name}`)?.kind === 'directory',
  );
}

function documentsOf({ files, system }: Parts, name: string): string[] {
  const { record, running, directory, snapshots } = machinePlaces(system, name);
  const inside = (place: string): string[] => ignoring(['ENOENT', 'ENOTDIR'], () => files.list(place)) ?? [];
  const states = inside(directory).filter((one) => /^state(\.|$)/.test(one));
  return [
    record,
    running,
    ...states.map((one) => `${directory}/${one}/state.json`),
    ...inside(snapshots).map((one) => `${snapshots}/${one}/snapshot.json`),
  ];
}

/**
 * The programs that the next start would find, and those that its states and snapshots are of.
 *
 * @param text all documents of the machine
 */
function addTools(host: Parts, name: string, sets: Map<string, string>, text: string): boolean {
  try {
    const { hardware, definition } = readMachine(host, name).record;
    for (const { programs, version, isNewest } of presentPrograms(host, findDefinition(definition))) {
      const isPinned = hardware.qemu !== undefined && isOfVersion(version, hardware.qemu);
      const isNamed = text.includes(`"${version}"`);
      if (programs.digest !== undefined && (isNewest || isPinned || isNamed)) sets.set(programs.digest, name);
    }
    return true;
  } catch (error) {
    if (error instanceof AnyarchError) return false;
    throw error;
  }
}
