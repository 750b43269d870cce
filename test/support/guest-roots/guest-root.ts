import { join } from 'node:path';
import { succeed } from '../command.ts';
import { cached } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';
import { unpackRoot, type RootArchitecture, type RootSuite } from './unpack-root.ts';

/** What is in a root besides Debian's essential packages. */
const packages = {
  base: ['make', 'patch', 'xz-utils'],
  // fakeroot shows what LD_PRELOAD leads to.
  dev: ['gcc', 'g++', 'libc6-dev', 'binutils', 'make', 'fakeroot'],
} as const;

export type GuestRootKind = keyof typeof packages;

export interface GuestRootOptions {
  /** Debian's name of the architecture. Default: arm64. */
  readonly architecture?: RootArchitecture;
  /** Default: trixie. */
  readonly suite?: RootSuite;
}

/**
 * A root file system of Debian's packages (`unpackRoot`), shared by all tests: not to be written to, mount points included.
 *
 * `base` has dash, coreutils, sed, grep, findutils, tar, gzip and so on with make, patch and xz; `dev` also gcc, g++, binutils and fakeroot.
 */
export async function guestRoot(kind: GuestRootKind, options: GuestRootOptions = {}): Promise<string> {
  const { architecture = 'arm64', suite = 'trixie' } = options;
  const made = await cached(`guest-roots/2/${suite}-${architecture}-${kind}`, (directory) =>
    unpackRoot(join(directory, 'root'), { architecture, suite, packages: packages[kind] }),
  );
  return join(made, 'root');
}

/** The same as a copy that may be written to; gone with the test run. */
export async function guestRootCopy(kind: GuestRootKind, options?: GuestRootOptions): Promise<string> {
  const root = join(temporaryDirectory('guest'), 'root');
  await succeed(['cp', '--archive', '--reflink=auto', await guestRoot(kind, options), root]);
  return root;
}
