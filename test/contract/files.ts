import { describe, expect, it } from 'vitest';
import type { Files } from '../../src/host/files.ts';
import { errnoThrownBy } from './errno.ts';

export interface FilesSubject {
  readonly files: Files;
  /** An empty writable directory. */
  readonly directory: string;
  /** A file system of 64 KiB, empty and writable. */
  readonly smallDirectory: string;
  /** On a file system mounted read-only, with an empty file `present`. */
  readonly readOnlyDirectory: string;
  /** On a file system mounted noexec, with an executable file `program`. */
  readonly noExecuteDirectory: string;
  /** What `fileSystemType` says of `smallDirectory`. */
  readonly smallType: number;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

/**
 * What every implementation of `Files` must do. `open` gives a fresh subject for each test.
 *
 * @param options.dataOnly what is kept there can neither be executed nor hashed
 */
export function describeFiles(
  name: string,
  open: () => FilesSubject | Promise<FilesSubject>,
  { dataOnly = false }: { readonly dataOnly?: boolean } = {},
): void {
  describe(`Files: ${name}`, () => {
    it('writes a file and reads it back, whole and in part', async () => {
      const { files, directory } = await open();
      files.writeAtomic(`${directory}/a`, bytes('0123456789'), 0o640);
      expect(text(files.read(`${directory}/a`))).toBe('0123456789');
      expect(text(files.readAt(`${directory}/a`, 2, 3))).toBe('234');
      expect(text(files.readAt(`${directory}/a`, 8, 10))).toBe('89');
      expect(files.readAt(`${directory}/a`, 20, 10)).toHaveLength(0);
      expect(files.status(`${directory}/a`)).toMatchObject({ kind: 'file', size: 10, mode: 0o640 });
    });

    it('removes an empty directory, and no other', async () => {
      const { files, directory } = await open();
      files.makeDirectory(`${directory}/outer/inner`);
      const remove = (path: string) =>
        errnoThrownBy(() => {
          files.removeDirectory(`${directory}/${path}`);
        });
      expect(remove('outer')).toBe('ENOTEMPTY');
      expect(remove('missing')).toBe('ENOENT');
      files.removeDirectory(`${directory}/outer/inner`);
      files.removeDirectory(`${directory}/outer`);
      files.writeAtomic(`${directory}/file`, bytes(''));
      expect(remove('file')).toBe('ENOTDIR');
      expect(files.list(directory)).toEqual(['file']);
    });

    // Not skipped: what a suite does not promise is none of its tests.
    if (!dataOnly) {
      it('hashes', async () => {
        const { files, directory } = await open();
        files.writeAtomic(`${directory}/a`, bytes('0123456789'));
        expect(files.sha256(`${directory}/a`)).toBe(
          '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882',
        );
      });
    }

    it('replaces a file by a new inode and leaves nothing else behind', async () => {
      const { files, directory } = await open();
      files.writeAtomic(`${directory}/a`, bytes('old'));
      const before = files.status(`${directory}/a`)?.inode;
      files.writeAtomic(`${directory}/a`, bytes('new'));
      expect(text(files.read(`${directory}/a`))).toBe('new');
      expect(files.status(`${directory}/a`)?.inode).not.toBe(before);
      expect(files.list(directory)).toEqual(['a']);
    });

    it('keeps the old content and leaves nothing behind when the disk is full', async () => {
      const { files, smallDirectory } = await open();
      files.writeAtomic(`${smallDirectory}/a`, bytes('old'));
      const tooLarge = new Uint8Array(200_000).fill(1);
      expect(
        errnoThrownBy(() => {
          files.writeAtomic(`${smallDirectory}/a`, tooLarge);
        }),
      ).toBe('ENOSPC');
      expect(
        errnoThrownBy(() => {
          files.createExclusive(`${smallDirectory}/b`, tooLarge);
        }),
      ).toBe('ENOSPC');
      expect(text(files.read(`${smallDirectory}/a`))).toBe('old');
      expect(files.list(smallDirectory)).toEqual(['a']);
    });

    it('writes in place without creating or truncating', async () => {
      const { files, directory } = await open();
      expect(
        errnoThrownBy(() => {
          files.writeOnce(`${directory}/a`, bytes('x'));
        }),
      ).toBe('ENOENT');
      expect(
        errnoThrownBy(() => {
          files.writeOnce(directory, bytes('x'));
        }),
      ).toBe('EISDIR');
      files.writeAtomic(`${directory}/a`, bytes('012345'));
      const before = files.status(`${directory}/a`)?.inode;
      files.writeOnce(`${directory}/a`, bytes('ab'));
      expect(text(files.read(`${directory}/a`))).toBe('ab2345');
      expect(files.status(`${directory}/a`)?.inode).toBe(before);
    });

    it('creates exclusively', async () => {
      const { files, directory } = await open();
      files.createExclusive(`${directory}/lock`, bytes('mine'));
      expect(
        errnoThrownBy(() => {
          files.createExclusive(`${directory}/lock`, bytes('yours'));
        }),
      ).toBe('EEXIST');
      expect(text(files.read(`${directory}/lock`))).toBe('mine');
      expect(files.list(directory)).toEqual(['lock']);
    });

    it('creates fleeting files, and leaves none behind when the disk is full', async () => {
      const { files, directory, smallDirectory } = await open();
      files.createFleeting(`${directory}/a`, bytes('0123'), 0o751);
      expect(text(files.read(`${directory}/a`))).toBe('0123');
      expect(files.status(`${directory}/a`)).toMatchObject({ kind: 'file', size: 4, mode: 0o751 });
      expect(
        errnoThrownBy(() => {
          files.createFleeting(`${directory}/a`, bytes('other'));
        }),
      ).toBe('EEXIST');
      expect(text(files.read(`${directory}/a`))).toBe('0123');
      expect(
        errnoThrownBy(() => {
          files.createFleeting(`${smallDirectory}/a`, new Uint8Array(200_000).fill(1));
        }),
      ).toBe('ENOSPC');
      expect(files.list(smallDirectory)).toEqual([]);
      expect(
        errnoThrownBy(() => {
          files.createFleeting(`${directory}/missing/a`, bytes(''));
        }),
      ).toBe('ENOENT');
    });

    it('makes directories with all parents, and does not mind existing ones', async () => {
      const { files, directory } = await open();
      files.makeDirectory(`${directory}/a/b/c`, 0o700);
      files.makeDirectory(`${directory}/a/b/c`);
      expect(files.status(`${directory}/a/b/c`)).toMatchObject({ kind: 'directory', mode: 0o700 });
      files.writeAtomic(`${directory}/file`, bytes(''));
      expect(
        errnoThrownBy(() => {
          files.makeDirectory(`${directory}/file`);
        }),
      ).toBe('EEXIST');
      expect(
        errnoThrownBy(() => {
          files.makeDirectory(`${directory}/file/b`);
        }),
      ).toBe('ENOTDIR');
    });

    it('says what is not there', async () => {
      const { files, directory } = await open();
      files.writeAtomic(`${directory}/file`, bytes(''));
      expect(files.status(`${directory}/missing`)).toBeUndefined();
      expect(files.status(`${directory}/file/below`)).toBeUndefined();
      expect(files.linkStatus(`${directory}/missing`)).toBeUndefined();
      expect(errnoThrownBy(() => files.read(`${directory}/missing`))).toBe('ENOENT');
      expect(errnoThrownBy(() => files.read(`${directory}/file/below`))).toBe('ENOTDIR');
      expect(errnoThrownBy(() => files.read(directory))).toBe('EISDIR');
      expect(errnoThrownBy(() => files.list(`${directory}/missing`))).toBe('ENOENT');
      expect(errnoThrownBy(() => files.list(`${directory}/file`))).toBe('ENOTDIR');
      expect(errnoThrownBy(() => files.sha256(`${directory}/missing`))).toBe('ENOENT');
      expect(errnoThrownBy(() => files.resolve(`${directory}/missing`))).toBe('ENOENT');
      expect(errnoThrownBy(() => files.readLink(`${directory}/file`))).toBe('EINVAL');
      expect(errnoThrownBy(() => files.fileSystemType(`${directory}/missing`))).toBe('ENOENT');
      expect(
        errnoThrownBy(() => {
          files.writeAtomic(`${directory}/missing/a`, bytes(''));
        }),
      ).toBe('ENOENT');
      expect(
        errnoThrownBy(() => {
          files.writeAtomic(`${directory}/file/a`, bytes(''));
        }),
      ).toBe('ENOTDIR');
      expect(errnoThrownBy(() => files.read(`${directory}/${'n'.repeat(256)}`))).toBe('ENAMETOOLONG');
    });

    it('renames, over a file too, but not a file over a directory', async () => {
      const { files, directory } = await open();
      files.writeAtomic(`${directory}/a`, bytes('a'));
      files.writeAtomic(`${directory}/b`, bytes('b'));
      files.makeDirectory(`${directory}/full/inside`);
      files.makeDirectory(`${directory}/other`);
      files.rename(`${directory}/a`, `${directory}/b`);
      expect(text(files.read(`${directory}/b`))).toBe('a');
      expect(files.status(`${directory}/a`)).toBeUndefined();
      const refused = (from: string, to: string) =>
        errnoThrownBy(() => {
          files.rename(`${directory}/${from}`, `${directory}/${to}`);
        });
      expect(refused('a', 'c')).toBe('ENOENT');
      expect(refused('b', 'full')).toBe('EISDIR');
      expect(refused('full', 'b')).toBe('ENOTDIR');
      expect(refused('other', 'full')).toBe('ENOTEMPTY');
      expect(refused('full', 'full/inside/deeper')).toBe('EINVAL');
    });

    it('removes files and whole directories; nothing there is fine', async () => {
      const { files, directory } = await open();
      files.makeDirectory(`${directory}/a/b`);
      files.writeAtomic(`${directory}/a/b/c`, bytes('c'));
      files.writeAtomic(`${directory}/file`, bytes(''));
      files.remove(`${directory}/a`);
      files.remove(`${directory}/missing`);
      files.remove(`${directory}/file/below`);
      expect(files.list(directory)).toEqual(['file']);
      files.remove(`${directory}/file`);
      expect(files.list(directory)).toEqual([]);
    });

    it('refuses to change a read-only file system', async () => {
      const { files, readOnlyDirectory: directory } = await open();
      expect(
        errnoThrownBy(() => {
          files.writeAtomic(`${directory}/a`, bytes(''));
        }),
      ).toBe('EROFS');
      expect(
        errnoThrownBy(() => {
          files.writeOnce(`${directory}/present`, bytes(''));
        }),
      ).toBe('EROFS');
      expect(
        errnoThrownBy(() => {
          files.createExclusive(`${directory}/a`, bytes(''));
        }),
      ).toBe('EROFS');
      expect(
        errnoThrownBy(() => {
          files.makeDirectory(`${directory}/a`);
        }),
      ).toBe('EROFS');
      expect(
        errnoThrownBy(() => {
          files.remove(`${directory}/present`);
        }),
      ).toBe('EROFS');
      expect(
        errnoThrownBy(() => {
          files.rename(`${directory}/present`, `${directory}/a`);
        }),
      ).toBe('EROFS');
    });

    // Not skipped: what a suite does not promise is none of its tests.
    if (!dataOnly) {
      it('knows what may be executed', async () => {
        const { files, directory, noExecuteDirectory } = await open();
        files.writeAtomic(`${directory}/program`, bytes(''), 0o755);
        files.writeAtomic(`${directory}/data`, bytes(''), 0o644);
        expect(files.isExecutable(`${directory}/program`)).toBe(true);
        expect(files.isExecutable(`${directory}/data`)).toBe(false);
        expect(files.isExecutable(directory)).toBe(false);
        expect(files.isExecutable(`${directory}/missing`)).toBe(false);
        expect(files.isExecutable(`${noExecuteDirectory}/program`)).toBe(false);
      });
    }

    it('tells file systems apart', async () => {
      const { files, directory, smallDirectory, smallType } = await open();
      expect(files.fileSystemType(smallDirectory)).toBe(smallType);
      expect(files.fileSystemType(directory)).not.toBe(smallType);
    });
  });
}
