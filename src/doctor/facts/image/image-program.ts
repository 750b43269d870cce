import { lookUpArchitecture } from '../../../core/architecture.ts';
import { architectureOfElf } from '../../../core/elf-architecture.ts';
import { isElf, readElfHeader } from '../../../core/elf-header.ts';
import type { Host } from '../../../host/host.ts';
import { fact } from '../../examination.ts';
import { askEngine } from '../engines/ask-engine.ts';
import { removeContainer, scratchName } from '../engines/leave-nothing.ts';
import { copyStart } from './copied-start.ts';
import { engineImage, type EngineImage } from './engine-image.ts';

/** A program of the image, by its own ELF header: the image's configuration may say something else. */
export type ImageProgram =
  | {
      readonly path: string;
      /** QEMU's target name. */
      readonly architecture: string;
    }
  | { readonly reason: string };

/** Undefined where there is no image to look into. The container that is made for it is never started, and removed with its volumes. */
export const imageProgram = fact((examination): ImageProgram | undefined => {
  const image = engineImage(examination);
  if (image?.state !== 'found') return undefined;
  const { host } = examination;
  const { engine, id } = image;
  if (engine.name === 'buildah') return { reason: 'buildah copies nothing out of images' };
  const container = scratchName(host);
  try {
    const create = ['create', '--name', container, '--network', 'none', id, 'anyarch-doctor'];
    const made = askEngine(host, [engine.path, ...create]);
    return 'why' in made ? { reason: made.reason } : firstProgram(host, image, container);
  } finally {
    removeContainer(host, engine, container);
  }
});

/** QEMU's target name of what an image is for: of its program, or what it says of itself; undefined where neither tells. */
export const imageArchitecture = fact((examination): string | undefined => {
  const image = engineImage(examination);
  if (image?.state !== 'found') return undefined;
  const program = imageProgram(examination);
  if (program !== undefined && 'architecture' in program) return program.architecture;
  return declaredArchitecture(image);
});

/** QEMU's target name of what the image's configuration says. */
export function declaredArchitecture({ platform }: EngineImage): string | undefined {
  const { os, architecture, variant = '' } = platform;
  const whole = lookUpArchitecture(`${os}/${architecture}/${variant}`);
  return (whole ?? lookUpArchitecture(`${os}/${architecture}`))?.name;
}

function firstProgram(host: Host, image: EngineImage, container: string): ImageProgram {
  const own = ownPrograms(image);
  const paths = [...new Set([...own, ...usualPrograms])];
  for (const path of paths) {
    const copied = copyStart(host, image, container, path);
    // Where it is not known what the image starts, its shell proves nothing.
    if (copied.kind === 'unknown') return { reason: copied.reason };
    const architecture = copied.kind === 'read' ? architectureOf(copied.start) : undefined;
    if (architecture !== undefined) return { path, architecture };
  }
  return { reason: `none of ${paths.join(', ')} is a program that could be read` };
}

/** What nearly every image has. */
const usualPrograms = ['/bin/sh', '/bin/busybox', '/usr/bin/env'];

/** Where what it starts may be. */
function ownPrograms({ words, searchPath }: EngineImage): string[] {
  const [program] = words;
  if (program === undefined) return [];
  if (program.startsWith('/')) return [program];
  const directories = searchPath.split(':').filter((one) => one.startsWith('/'));
  return directories.map((directory) => `${directory}/${program}`).slice(0, 7);
}

function architectureOf(start: Uint8Array): string | undefined {
  return isElf(start) && start.length >= 64
    ? architectureOfElf(readElfHeader(start.subarray(0, 64)))?.name
    : undefined;
}
