import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../test/support/mirror-release.ts';
import { nodeFiles } from '../host/node/node-files.ts';
import { storedPath } from '../host/stored-path.ts';
import { putFile, removeAbandoned } from './content-store.ts';
import { nodeClock } from '../host/node/node-clock.ts';
import { updateDocument } from './document.ts';
import { isAbandoned, ownToken } from './owner.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-store-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const nothing = () => Promise.resolve({});

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

describe('putFile', () => {
  it('stores content under its digest, executable and readable for all', async () => {
    const stored = await putFile(directory, 'qemu-arm', pieces('a', 'b'), nothing);
    expect(stored).toEqual({ file: 'qemu-arm', sha256: sha256('ab'), size: 2 });
    const path = storedPath(directory, stored);
    expect(readFileSync(path, 'utf8')).toBe('ab');
    expect(statSync(path).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(directory, 'store/temporary'))).toEqual([]);
  });

  it('leaves an intact copy alone and replaces a damaged one', async () => {
    const stored = await putFile(directory, 'a', pieces('ab'), nothing);
    const { ino } = statSync(storedPath(directory, stored));
    await putFile(directory, 'a', pieces('ab'), nothing);
    expect(statSync(storedPath(directory, stored)).ino).toBe(ino);
    writeFileSync(storedPath(directory, stored), 'xy');
    await putFile(directory, 'a', pieces('ab'), nothing);
    expect(readFileSync(storedPath(directory, stored), 'utf8')).toBe('ab');
  });

  it('keeps out what the inspection refuses, and returns what it finds out', async () => {
    const inspect = (path: string) => Promise.resolve({ text: readFileSync(path, 'utf8') });
    expect(await putFile(directory, 'a', pieces('ab'), inspect)).toMatchObject({ text: 'ab', size: 2 });
    const refuse = () => Promise.reject(new Error('refused'));
    await expect(putFile(directory, 'a', pieces('ab'), refuse)).rejects.toThrow('refused');
    await expect(putFile(directory, 'a', pieces('xy'), refuse)).rejects.toThrow('refused');
    // The intact one of before is still there.
    expect(readdirSync(join(directory, 'store/sha256'))).toEqual([sha256('ab')]);
    expect(readdirSync(join(directory, 'store/temporary'))).toEqual([]);
  });

  it('leaves nothing when the content fails', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('half'));
      throw new Error('broken');
    };
    await expect(putFile(directory, 'a', failing(), nothing)).rejects.toThrow('broken');
    expect(readdirSync(join(directory, 'store'))).toEqual(['temporary']);
    expect(readdirSync(join(directory, 'store/temporary'))).toEqual([]);
  });

  it.each(['/proc/nope', '/proc/nope/below'])('ends when no directory can be made: %s', async (place) => {
    const failing = putFile(place, 'a', pieces('a'), nothing);
    await expect(failing).rejects.toThrowWithCode('ANYARCH_FILE');
    await expect(failing).rejects.toMatchObject({ hint: expect.stringContaining('ANYARCH_HOME') as string });
  });

  it('says so when the directory cannot be written', async () => {
    writeFileSync(join(directory, 'store'), 'a file is in the way');
    await expect(putFile(directory, 'a', pieces('a'), nothing)).rejects.toThrowWithCode('ANYARCH_FILE');
  });
});

describe('removeAbandoned', () => {
  it('removes what dead processes left and nothing else', async () => {
    const temporary = join(directory, 'store/temporary');
    mkdirSync(temporary, { recursive: true });
    const dead = ownToken().replace(/-\d+-\d+$/, '-4194305-1');
    const foreign = ownToken().replace(/^\d+/, '1');
    for (const token of [ownToken(), dead, foreign]) writeFileSync(join(temporary, `${token}.abc`), '');
    await removeAbandoned(directory);
    expect(readdirSync(temporary).sort()).toEqual([`${ownToken()}.abc`, `${foreign}.abc`].sort());
    // Of another pid namespace nothing but the age is known.
    utimesSync(join(temporary, `${foreign}.abc`), 0, 0);
    await removeAbandoned(directory);
    expect(readdirSync(temporary)).toEqual([`${ownToken()}.abc`]);
  });

  it('does not mind an empty state directory', async () => {
    await removeAbandoned(join(directory, 'missing'));
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('isAbandoned', () => {
  it('tells a reused pid from the process that had it', () => {
    expect(isAbandoned(ownToken(), 0)).toBe(false);
    expect(isAbandoned(`${ownToken()}1`, Date.now())).toBe(true);
  });

  it('goes by age for what is no token', () => {
    expect(isAbandoned('x', 0, 1000)).toBe(false);
    expect(isAbandoned('x', 0, 1_000_000)).toBe(true);
  });
});

describe('updateDocument', () => {
  const path = () => join(directory, 'state/document.json');
  const read = () => {
    try {
      return JSON.parse(readFileSync(path(), 'utf8')) as string[];
    } catch {
      return [];
    }
  };

  const host = { files: nodeFiles, clock: nodeClock };

  it('keeps all changes', () => {
    const names = Array.from({ length: 20 }, (_, index) => String(index));
    for (const name of names) updateDocument(host, path(), read, (document) => [...document, name]);
    expect(
      read()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(names.map(Number));
    expect(readdirSync(join(directory, 'state'))).toEqual(['document.json']);
  });

  it('leaves the document alone when the change fails', () => {
    updateDocument(host, path(), read, () => ['before']);
    const change = () => {
      throw new Error('no');
    };
    expect(() => {
      updateDocument(host, path(), read, change);
    }).toThrow('no');
    expect(read()).toEqual(['before']);
    expect(readdirSync(join(directory, 'state'))).toEqual(['document.json']);
  });
});
