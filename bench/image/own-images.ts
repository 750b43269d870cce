import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../cached.ts';
import type { Library } from '../library.ts';
import { anyarch, entrypoints } from '../places.ts';
import { runProgram } from '../programs.ts';
import { inspectLayout } from './inspect-layout.ts';

/** The images for this machine, and the root file system of the one with all emulators. */
export interface OwnImages {
  /** `linux/amd64` */
  readonly platform: string;
  readonly layout: string;
  readonly root: string;
  /** Root file system of the tag `register`. */
  readonly registerRoot: string;
}

/**
 * Builds them with anyarch's own builder, once for each build of the program.
 * @throws Error where the program has not been built
 */
export async function ownImages(library: Library): Promise<OwnImages> {
  const platform = platformHere(library);
  const program = join(entrypoints, platform.replaceAll('/', '-'), 'anyarch');
  if (!existsSync(program)) throw new Error(`there is no ${program}: npm run build:entrypoint`);
  const digest = createHash('sha256').update(readFileSync(program)).digest('hex').slice(0, 12);
  const layout = await cached(`image/${digest}/layout`, (directory) => {
    const words = ['--platform', platform, '--tag', 'latest', '--tag', 'register', '--output', directory];
    runProgram([anyarch, 'image', 'build', ...words]);
  });
  const unpacked = (tag: string) =>
    cached(`image/${digest}/${tag}`, (directory) => {
      unpack(layout, tag, directory);
    });
  return { platform, layout, root: await unpacked('latest'), registerRoot: await unpacked('register') };
}

function platformHere({ lookUpArchitecture }: Library): string {
  const machine = runProgram(['uname', '-m']).trim();
  const [platform] = lookUpArchitecture(machine)?.platforms ?? [];
  if (platform === undefined) throw new Error(`there are no images for ${machine}`);
  return platform;
}

/** tar(1) makes the layers' hard links; nothing in them is a whiteout. */
function unpack(layout: string, tag: string, root: string): void {
  const { images, tags } = inspectLayout(layout);
  const digest = tags.find(({ name }) => name.endsWith(`:${tag}`) || name === tag)?.images[0];
  const image = images.find((one) => one.digest === digest);
  if (image === undefined) throw new Error(`${layout} has no image ${tag}`);
  mkdirSync(root);
  for (const layer of image.layers) {
    const blob = join(layout, 'blobs', layer.digest.replace(':', '/'));
    runProgram(['tar', '--extract', '--file', blob, '--directory', root]);
  }
}
