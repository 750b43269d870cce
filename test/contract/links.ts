import { describe, expect, it } from 'vitest';
import type { Files } from '../../src/host/files.ts';
import { errnoThrownBy } from './errno.ts';

export interface LinksSubject {
  readonly files: Files;
  /** An empty writable directory, its own path without links. */
  readonly directory: string;
  readonly addLink: (path: string, target: string) => void;
}

/** How every implementation of `Files` treats symbolic links, whoever made them. */
export function describeLinks(
  name: string,
  open: () => LinksSubject,
  { makesLinks = true }: { readonly makesLinks?: boolean } = {},
): void {
  const content = new TextEncoder().encode('content');

  describe(`Files, symbolic links: ${name}`, () => {
    it('follows links, relative and absolute, in the middle and at the end', () => {
      const { files, directory, addLink } = open();
      files.makeDirectory(`${directory}/real/below`);
      files.writeAtomic(`${directory}/real/file`, content);
      addLink(`${directory}/relative`, 'real/below/..');
      addLink(`${directory}/absolute`, `${directory}/relative/file`);
      expect(files.read(`${directory}/absolute`)).toEqual(files.read(`${directory}/real/file`));
      expect(files.resolve(`${directory}/absolute`)).toBe(`${directory}/real/file`);
      expect(files.status(`${directory}/absolute`)?.kind).toBe('file');
      expect(files.linkStatus(`${directory}/absolute`)?.kind).toBe('link');
      expect(files.readLink(`${directory}/relative`)).toBe('real/below/..');
    });

    it('meets links that lead nowhere or in a circle', () => {
      const { files, directory, addLink } = open();
      addLink(`${directory}/dangling`, 'missing');
      addLink(`${directory}/circle`, 'circle');
      expect(files.status(`${directory}/dangling`)).toBeUndefined();
      expect(files.linkStatus(`${directory}/dangling`)?.kind).toBe('link');
      expect(errnoThrownBy(() => files.read(`${directory}/circle`))).toBe('ELOOP');
      const create = () => {
        files.createExclusive(`${directory}/dangling`, content);
      };
      expect(errnoThrownBy(create)).toBe('EEXIST');
    });

    if (makesLinks) {
      it('makes a link in the place of a file or of another link, and nothing else', () => {
        const { files, directory } = open();
        files.writeAtomic(`${directory}/file`, content);
        files.writeLink(`${directory}/link`, 'missing');
        expect(files.readLink(`${directory}/link`)).toBe('missing');
        files.writeLink(`${directory}/link`, 'file');
        files.writeLink(`${directory}/file`, '/elsewhere');
        expect(files.readLink(`${directory}/link`)).toBe('file');
        expect(files.readLink(`${directory}/file`)).toBe('/elsewhere');
        files.makeDirectory(`${directory}/directory`);
        const replaceDirectory = () => {
          files.writeLink(`${directory}/directory`, 'file');
        };
        expect(errnoThrownBy(replaceDirectory)).toBe('EISDIR');
        expect(files.list(directory).toSorted()).toEqual(['directory', 'file', 'link']);
      });
    }

    it('replaces and removes the link, not what it leads to', () => {
      const { files, directory, addLink } = open();
      files.writeAtomic(`${directory}/kept`, content);
      files.makeDirectory(`${directory}/keptDirectory/below`);
      addLink(`${directory}/toFile`, 'kept');
      addLink(`${directory}/toDirectory`, 'keptDirectory');
      files.writeAtomic(`${directory}/toFile`, new Uint8Array());
      files.remove(`${directory}/toDirectory`);
      expect(files.linkStatus(`${directory}/toFile`)?.kind).toBe('file');
      expect(files.status(`${directory}/kept`)?.size).toBe(content.length);
      expect(files.linkStatus(`${directory}/toDirectory`)).toBeUndefined();
      expect(files.list(`${directory}/keptDirectory`)).toEqual(['below']);
    });
  });
}
