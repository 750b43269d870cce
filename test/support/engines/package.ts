import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { succeed } from '../command.ts';
import { repository } from '../fixtures/cache.ts';
import { withLock } from '../lock.ts';
import { runDirectory } from '../temporary.ts';

/**
 * anyarch as `npm install` would lay it out, from the packed tarball, where every user can read it: the checkout may
 * be below a directory that only root enters. Made once per run.
 * @returns the path of the command
 */
export async function installPackage(): Promise<string> {
  const prefix = join(runDirectory(), 'installed');
  const executable = join(prefix, 'node_modules/anyarch/bin/anyarch');
  if (existsSync(executable)) return executable;
  return withLock(`${prefix}.lock`, async () => {
    if (existsSync(executable)) return executable;
    const partial = `${prefix}.partial`;
    rmSync(partial, { recursive: true, force: true });
    const target = join(partial, 'node_modules/anyarch');
    mkdirSync(target, { recursive: true });
    const options = { directory: repository };
    await succeed(['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', partial], options);
    const tarball = await succeed(['find', partial, '-maxdepth', '1', '-name', '*.tgz']);
    await succeed(['tar', '-xzf', tarball.stdout.trim(), '-C', target, '--strip-components=1']);
    await copyDependencies(partial);
    await succeed(['chmod', '-R', 'a+rX', partial]);
    renameSync(partial, prefix);
    return executable;
  });
}

/** From the checkout instead of the network: the versions are those of the lock file. */
async function copyDependencies(prefix: string): Promise<void> {
  const listed = await succeed(['npm', 'ls', '--omit=dev', '--all', '--parseable'], {
    directory: repository,
  });
  for (const path of listed.stdout.trim().split('\n').slice(1)) {
    const target = join(prefix, relative(repository, path));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target, { recursive: true });
  }
}
