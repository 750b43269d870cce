import { lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A directory that nothing may touch. */
export interface Canary {
  readonly path: string;
  /** Everything about it that a write would change, access apart. */
  look(): string;
}

export function plantCanary(path: string): Canary {
  mkdirSync(join(path, 'inside'), { recursive: true });
  writeFileSync(join(path, 'file'), 'untouched');
  writeFileSync(join(path, 'inside/deep'), 'untouched too', { mode: 0o600 });
  symlinkSync('file', join(path, 'link'));
  return { path, look: () => JSON.stringify(describe(path)) };
}

function describe(path: string): unknown {
  const { mode, uid, gid, size, mtimeMs, ctimeMs, nlink, ino } = lstatSync(path);
  const content =
    (mode & 0o170000) === 0o040000
      ? readdirSync(path).map((name) => [name, describe(join(path, name))])
      : (mode & 0o170000) === 0o100000
        ? readFileSync(path, 'latin1')
        : '';
  return { mode, uid, gid, size, mtimeMs, ctimeMs, nlink, ino, content };
}
