import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { unpackTree } from './unpack-tree.ts';

let directory: string;
let place: string;
const host = fakeHost({ system: { uid: process.getuid?.() ?? 0 } });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-unpack-'));
  place = join(directory, 'h', 'proj');
  mkdirSync(join(directory, 'h'));
  mkdirSync(join(directory, 'victim'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A guest's archive: of what `make` puts into an empty directory. */
function archive(make: (guest: string) => void, ...words: string[]): Buffer {
  const guest = mkdtempSync(join(directory, 'guest-'));
  make(guest);
  const result = spawnSync('tar', ['-C', guest, ...words, '-cf', '-', '.']);
  if (result.status !== 0) throw new Error(result.stderr.toString());
  return result.stdout;
}

async function unpack(content: Buffer, isNamed = false): Promise<string | undefined> {
  return await unpackTree(host, Readable.from([content]), { path: place, isNamed });
}

describe('a directory of a hostile guest', () => {
  const link = (guest: string): void => {
    symlinkSync(join(directory, 'victim'), join(guest, 'd'));
  };
  const behindLink = (guest: string): void => {
    mkdirSync(join(guest, 'd'));
    writeFileSync(join(guest, 'd', 'authorized_keys'), 'mine');
  };

  it('writes nothing through a link that its first copy left', async () => {
    expect(await unpack(archive(link))).toBeUndefined();
    expect(lstatSync(join(place, 'd')).isSymbolicLink()).toBe(true);
    expect(await unpack(archive(behindLink))).toBeUndefined();
    expect(readdirSync(join(directory, 'victim'))).toEqual([]);
    expect(readFileSync(join(place, 'd', 'authorized_keys'), 'utf8')).toBe('mine');
  });

  it('writes nothing there either with an archive that names only the file', async () => {
    await unpack(archive(link));
    const guest = mkdtempSync(join(directory, 'guest-'));
    behindLink(guest);
    const { stdout } = spawnSync('tar', ['-C', guest, '-cf', '-', './d/authorized_keys']);
    expect(await unpack(stdout)).toBeUndefined();
    expect(readdirSync(join(directory, 'victim'))).toEqual([]);
  });

  it('does not replace where it goes to by a link', async () => {
    symlinkSync(join(directory, 'victim'), place);
    expect(await unpack(archive(behindLink))).toBeUndefined();
    expect(readdirSync(join(directory, 'victim'))).toEqual([]);
    expect(lstatSync(place).isDirectory()).toBe(true);
  });

  it('does not write outside by names with dots, or absolute ones', async () => {
    const outside = join(directory, 'victim', 'x');
    const inside = archive(
      (guest) => {
        writeFileSync(join(guest, 'x'), '');
      },
      '-P',
      '--transform',
      `s,^[.]/x,${outside},`,
    );
    await unpack(inside);
    const dots = archive(
      (guest) => {
        writeFileSync(join(guest, 'x'), '');
      },
      '-P',
      '--transform',
      's,^[.]/x,../../../victim/x,',
    );
    await unpack(dots);
    expect(readdirSync(join(directory, 'victim'))).toEqual([]);
  });

  it('is removed also where its names are longer than a path can be', async () => {
    const deep = archive(
      (guest) => {
        writeFileSync(join(guest, 'x'), 'x'.repeat(20_000));
      },
      '--transform',
      `s,^[.]/x,${'d/'.repeat(2_030)}x,`,
    );
    expect(await unpack(deep.subarray(0, deep.length - 15_000))).toContain('tar');
    expect(readdirSync(join(directory, 'h'))).toEqual([]);
  }, 60_000);

  it('gives nobody a set-user-id bit', async () => {
    await unpack(
      archive((guest) => {
        writeFileSync(join(guest, 's'), '');
        chmodSync(join(guest, 's'), 0o6755);
      }),
    );
    expect(lstatSync(join(place, 's')).mode & 0o7000).toBe(0);
  });
});

describe('a directory of a guest', () => {
  it('is merged with what is there', async () => {
    mkdirSync(join(place, 'd'), { recursive: true });
    writeFileSync(join(place, 'd', 'kept'), 'kept');
    writeFileSync(join(place, 'd', 'old'), 'old');
    const content = archive((guest) => {
      mkdirSync(join(guest, 'd', 'new'), { recursive: true });
      writeFileSync(join(guest, 'd', 'old'), 'newer');
      chmodSync(join(guest, 'd', 'new'), 0o555);
    });
    expect(await unpack(content)).toBeUndefined();
    expect(readdirSync(join(place, 'd')).sort()).toEqual(['kept', 'new', 'old']);
    expect(readFileSync(join(place, 'd', 'old'), 'utf8')).toBe('newer');
    expect(lstatSync(join(place, 'd', 'new')).mode & 0o777).toBe(0o555);
    expect(readdirSync(join(directory, 'h'))).toEqual(['proj']);
    expect(readdirSync(place)).toEqual(['d']);
  });

  it('goes where a link leads that the user names', async () => {
    symlinkSync(join(directory, 'victim'), place);
    const content = archive((guest) => {
      writeFileSync(join(guest, 'x'), '');
    });
    expect(await unpack(content, true)).toBeUndefined();
    expect(readdirSync(join(directory, 'victim'))).toEqual(['x']);
  });

  it.each([
    [
      'a file where a directory is',
      (path: string) => mkdirSync(path, { recursive: true }),
      'a directory is in the way',
    ],
    ['an archive that ends early', () => undefined, 'tar'],
  ] as const)('is refused: %s', async (what, make, message) => {
    mkdirSync(place);
    make(join(place, 'x'));
    const content = archive((guest) => {
      writeFileSync(join(guest, 'x'), 'x'.repeat(20_000));
    });
    const isCut = what.startsWith('an archive');
    expect(await unpack(isCut ? content.subarray(0, 5_000) : content)).toContain(message);
    expect(existsSync(join(place, 'x'))).toBe(!isCut);
    expect(readdirSync(place).filter((name) => name.startsWith('.anyarch'))).toEqual([]);
  });
});
