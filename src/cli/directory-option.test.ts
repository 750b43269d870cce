import { describe, expect, it } from 'vitest';
import { fakeFiles } from '../host/testing/fake-files.ts';
import { directoryOption } from './directory-option.ts';

describe('directoryOption', () => {
  const files = fakeFiles();
  files.addDirectory('/roots/trixie');
  files.addLink('/roots/newest', 'trixie');
  files.addFile('/roots/file', '');

  it('finds directories, also behind links and from where the command was typed', () => {
    expect(directoryOption(files, '--rootfs', '/roots/newest', '/')).toBe('/roots/trixie');
    expect(directoryOption(files, '--rootfs', 'trixie', '/roots')).toBe('/roots/trixie');
  });

  it.each([
    ['/nope', 'does not exist'],
    ['/roots/file', 'is not a directory'],
    ['/roots/file/x', 'does not exist'],
  ])('names the option for %s', (path, problem) => {
    const find = () => directoryOption(files, '--rootfs', path, '/');
    expect(find).toThrowWithCode('ANYARCH_USAGE');
    expect(find).toThrow(`--rootfs: "${path}" ${problem}`);
  });
});
