import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../cached.ts';
import type { Library } from '../library.ts';
import { anyarch, cache, entrypoints } from '../places.ts';
import { runProgram } from '../programs.ts';
import { inspectLayout } from './inspect-layout.ts';
import { eightTargets } from './targets.ts';

/** The images for this machine, and the root file system of the one with all emulators. */
export interface OwnImages {
  /** `linux/amd64` */
  readonly platform: string;
  readonly layout: string;
  readonly root: string;
  /** Root file system of the tag `register`. */
  readonly registerRoot: string;
  /** The emulators in `root`; and a directory that has those for `eightTargets` only. */
  readonly emulators: Readonly<Record<'all' | 'some', string>>;
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
  forgetOthers(digest);
  const layout = await cached(`image/own/${digest}/layout`, (directory) => {
    const words = ['--platform', platform, '--tag', 'latest', '--tag', 'register', '--output', directory];
    runProgram([anyarch, 'image', 'build', ...words]);
  });
  const unpacked = (tag: string) =>
    cached(`image/own/${digest}/${tag}`, (directory) => {
      unpack(layout, tag, directory);
    });
  const root = await unpacked('latest');
  const all = join(root, 'usr/bin');
  const some = await cached(`image/own/${digest}/some-emulators`, (directory) => {
    linkEmulators(all, eightTargets, directory);
  });
  return { platform, layout, root, registerRoot: await unpacked('register'), emulators: { all, some } };
}

/** Those of former programs have half a gigabyte each. */
function forgetOthers(digest: string): void {
  const directory = join(cache, 'image/own');
  const others = existsSync(directory) ? readdirSync(directory).filter((name) => name !== digest) : [];
  for (const name of others) rmSync(join(directory, name), { recursive: true });
}

function linkEmulators(from: string, targets: readonly string[], to: string): void {
  mkdirSync(to);
  const names = targets.flatMap((target) => [`qemu-${target}`, `qemu-${target}-static`]);
  for (const name of names.filter((one) => existsSync(join(from, one))))
    linkSync(join(from, name), join(to, name));
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
