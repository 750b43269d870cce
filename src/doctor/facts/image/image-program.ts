import { lookUpArchitecture } from '../../../core/architecture.ts';
import { architectureOfElf } from '../../../core/elf-architecture.ts';
import { isElf, readElfHeader } from '../../../core/elf-header.ts';
import type { Host } from '../../../host/host.ts';
import { makeWorkDirectory } from './work-directory.ts';
import { fact } from '../../examination.ts';
import { askEngine } from '../engines/ask-engine.ts';
import { engineImage, type EngineImage } from './engine-image.ts';

/** A program of the image, by its own ELF header: the image's configuration may say something else. */
export type ImageProgram =
  | {
      readonly path: string;
      /** QEMU's target name. */
      readonly architecture: string;
    }
  | { readonly reason: string };

/** Undefined where there is no image to look into. The container that is made for it is never started, and removed. */
export const imageProgram = fact((examination): ImageProgram | undefined => {
  const image = engineImage(examination);
  if (image?.state !== 'found') return undefined;
  const { host } = examination;
  const { engine, id } = image;
  if (engine.name === 'buildah') return { reason: 'buildah copies nothing out of images' };
  const made = askEngine(host, [engine.path, 'create', '--network', 'none', id, 'anyarch-doctor']);
  if ('why' in made) return { reason: made.reason };
  const container = made.text.trim().split('\n').at(-1) ?? '';
  try {
    return firstProgram(host, image, container);
  } finally {
    askEngine(host, [engine.path, 'rm', '--force', container]);
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
  const directory = makeWorkDirectory(host);
  try {
    for (const [index, path] of candidates(image).entries()) {
      const copy = `${directory}/${index}`;
      // Links are followed inside of the container. A tar stream of a whole file would be text for our runner.
      const words = image.engine.name === 'docker' ? ['cp', '--follow-link'] : ['cp'];
      const copied = askEngine(host, [image.engine.path, ...words, `${container}:${path}`, copy]);
      if ('why' in copied) continue;
      const architecture = architectureOf(host, copy);
      if (architecture !== undefined) return { path, architecture };
    }
    return { reason: `none of ${candidates(image).join(', ')} is a program that could be read` };
  } finally {
    for (const name of host.files.list(directory)) host.files.remove(`${directory}/${name}`);
    host.files.removeDirectory(directory);
  }
}

/** What it starts, and what nearly every image has. */
function candidates({ words, searchPath }: EngineImage): string[] {
  const [program] = words;
  const directories = searchPath.split(':').filter((one) => one.startsWith('/'));
  const own =
    program === undefined
      ? []
      : program.startsWith('/')
        ? [program]
        : directories.map((directory) => `${directory}/${program}`);
  return [...new Set([...own, '/bin/sh', '/bin/busybox', '/usr/bin/env'])].slice(0, 10);
}

function architectureOf({ files }: Pick<Host, 'files'>, path: string): string | undefined {
  if (files.status(path)?.kind !== 'file') return undefined;
  const header = files.readAt(path, 0, 64);
  return isElf(header) ? architectureOfElf(readElfHeader(header))?.name : undefined;
}
