import { beforeEach, describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../core/text.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { hookProgramFault, installHookProgram } from './install-hook-program.ts';

const root = import.meta.dirname.replace(/\/src\/private-table$/, '');
const state = '/home/u/state';
let host: FakeHost;
beforeEach(() => {
  host = fakeHost();
  host.files.addFile(`${root}/bin/anyarch`, '');
});

const install = () => {
  const path = installHookProgram(host, state);
  return { path, text: decodeUtf8(host.files.read(path)), inode: host.files.status(path)?.inode };
};

describe('installHookProgram', () => {
  it('starts Node where the package has no static program', () => {
    const { path, text, inode } = install();
    expect(path).toBe(`${state}/rootless/anyarch`);
    expect(text).toMatch(/^#!\/bin\/sh\n/);
    expect(text).toContain(`exec '${process.execPath}' '${root}/dist/cli/start.cjs' "$@"\n`);
    expect(host.files.isExecutable(path)).toBe(true);
    expect(install().inode).toBe(inode);
  });

  it('takes the static program of this machine when it runs, and the newer one later', () => {
    const program = `${root}/build/entrypoint/linux-amd64/anyarch`;
    host.files.addFile(program, 'static', { mode: 0o755 });
    const behave = (exitCode: number) => {
      host.processes.on([program, '--version'], { exitCode });
    };
    behave(1);
    expect(install().text).toContain('exec ');
    behave(0);
    expect(install().text).toBe('static');
    host.files.addFile(program, 'newer', { mode: 0o755 });
    expect(install().text).toBe('newer');
  });

  it('says so where programs may not be executed', () => {
    host.files.mount('/home', { type: 0x01021994, noExecute: true });
    expect(() => install()).toThrowWithCode('ANYARCH_PERMISSION');
    expect(host.files.status(`${state}/rootless`)).toBeUndefined();
  });
});

describe('hookProgramFault', () => {
  const program = `${root}/build/entrypoint/linux-amd64/anyarch`;
  const installed = `${state}/rootless/anyarch`;
  const fault = () => hookProgramFault(host, state);
  beforeEach(() => {
    host.files.addFile(program, 'static', { mode: 0o755 });
    host.processes.on([program, '--version'], { exitCode: 0 });
    install();
  });

  it('finds nothing wrong with what was just installed', () => {
    expect(fault()).toBeUndefined();
  });

  it.each<readonly [string, () => unknown, string]>([
    [
      'gone',
      () => {
        host.files.remove(installed);
      },
      'is gone',
    ],
    ['not executable', () => host.files.addFile(installed, 'static', { mode: 0o644 }), 'may not be executed'],
    [
      'on a noexec mount',
      () => {
        host.files.mount('/home', { type: 1, noExecute: true });
        host.files.addFile(installed, 'static', { mode: 0o755 });
      },
      'mounted noexec',
    ],
    [
      'another version',
      () => host.files.addFile(program, 'newer', { mode: 0o755 }),
      'of another version of anyarch or',
    ],
  ])('tells that it is %s', (_, happens, expected) => {
    happens();
    expect(fault()).toContain(expected);
  });
});
