import * as fs from 'node:fs';
import { type IndexedPackage, mergedDirectories, type Offers, unpackTree } from '../../debian/index.ts';
import type { OnProgress } from '../../transfer/index.ts';

export interface GuestRootOptions {
  /** An empty directory that becomes the root. */
  readonly root: string;
  readonly packages: readonly IndexedPackage[];
  readonly offers: Pick<Offers, 'download'>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** By path in the root, as the package calls it: `lib/aarch64-linux-gnu/libc.so.6` before /usr was merged. */
export type OriginalPaths = ReadonlyMap<string, string>;

/**
 * A guest made of packages, as far as unpacking goes: no script of theirs is run. Programs are compared in it, and what they
 * load is found in it.
 *
 * @throws AnyarchError what downloading and `unpackTree` throw
 */
export async function makeGuestRoot(options: GuestRootOptions): Promise<OriginalPaths> {
  const { root, packages, offers, signal, onProgress } = options;
  for (const name of mergedDirectories) {
    fs.mkdirSync(`${root}/usr/${name}`, { recursive: true, mode: 0o755 });
    fs.symlinkSync(`usr/${name}`, `${root}/${name}`);
  }
  const originals = new Map<string, string>();
  for (const one of packages) {
    const subject = `${one.name} ${one.version} ${one.architecture}`;
    const written = await unpackTree(await offers.download(one), root, {
      wants: isNeeded,
      signal,
      onProgress,
      subject,
    });
    for (const [path, original] of written) originals.set(path, original);
  }
  addConfiguration(root);
  return originals;
}

const unneeded = /^usr\/(share\/(doc|man|info|locale|lintian|bug|icons|menu)|lib\/debug)\//;

function isNeeded(path: string): boolean {
  return !unneeded.test(path);
}

/** What packages' scripts would have made and simple programs ask for. */
function addConfiguration(root: string): void {
  for (const directory of ['etc', 'tmp', 'root', 'dev', 'proc', 'sys', 'run', 'var'])
    fs.mkdirSync(`${root}/${directory}`, { recursive: true, mode: 0o755 });
  const add = (path: string, text: string) => {
    if (fs.lstatSync(`${root}/${path}`, { throwIfNoEntry: false }) === undefined)
      fs.writeFileSync(`${root}/${path}`, text);
  };
  add(
    'etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  );
  add('etc/group', 'root:x:0:\nnogroup:x:65534:\n');
  for (const [link, target] of [
    ['usr/bin/awk', 'mawk'],
    ['usr/bin/sh', 'dash'],
  ] as const)
    if (
      fs.existsSync(`${root}/usr/bin/${target}`) &&
      fs.lstatSync(`${root}/${link}`, { throwIfNoEntry: false }) === undefined
    )
      fs.symlinkSync(target, `${root}/${link}`);
}

/** Packages with everything that they depend on, as far as it is there; each before what needs it where that is possible. */
export function withDependencies(
  names: readonly string[],
  choose: (name: string) => IndexedPackage | undefined,
): IndexedPackage[] {
  const seen = new Set<string>();
  const ordered: IndexedPackage[] = [];
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const one = choose(name);
    if (one === undefined) return;
    for (const dependency of one.depends) visit(dependency);
    ordered.push(one);
  };
  for (const name of names) visit(name);
  return ordered;
}
