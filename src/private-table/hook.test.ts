import { beforeEach, describe, expect, it } from 'vitest';
import { findArchitecture } from '../core/architecture.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { hookFailurePathIn, readHookFailure } from './failure.ts';
import { ensureInHook } from './hook.ts';
import { recordWantedTable, wantedArchitecture, wantedTablePathIn } from './wanted-table.ts';

const state = '/home/u/state';
let host: FakeHost;
beforeEach(() => {
  host = fakeHost({ binfmt: { inherited: true } });
  host.files.addFile('/proc/self/uid_map', '0 1000 1\n');
  host.addProgram('/q/qemu-aarch64');
  const emulator = { path: '/q/qemu-aarch64', version: '1', sha256: 'ab', preservesArgv0: true };
  const architectures = [wantedArchitecture(findArchitecture('arm64'), emulator)];
  recordWantedTable(host, state, { schema: 1, architectures, at: '', by: '' });
});

describe('ensureInHook', () => {
  it('fills the table and tells nothing', () => {
    ensureInHook(host, state);
    expect(host.binfmt.table().list()).toEqual(['qemu-aarch64']);
    expect(readHookFailure(host, state)).toBeUndefined();
  });

  it('records what failed until it succeeds', () => {
    host.files.remove('/q/qemu-aarch64');
    ensureInHook(host, state);
    expect(readHookFailure(host, state)?.errors).toMatchObject([
      { architecture: 'aarch64', code: 'ANYARCH_EMULATOR_NOT_FOUND' },
    ]);
    host.addProgram('/q/qemu-aarch64');
    ensureInHook(host, state);
    expect(readHookFailure(host, state)).toBeUndefined();
  });

  it('records a damaged document and what is no error of ours', () => {
    host.files.addFile(wantedTablePathIn(state), '{');
    ensureInHook(host, state);
    expect(readHookFailure(host, state)?.errors).toMatchObject([{ code: 'ANYARCH_STATE_INVALID' }]);
    host.files.fail({ errno: 'EIO', method: 'read', path: wantedTablePathIn(state) });
    ensureInHook(host, state);
    expect(readHookFailure(host, state)?.errors).toMatchObject([{ code: 'ANYARCH_FILE' }]);
  });

  it('never throws, even where nothing can be recorded', () => {
    host.files.addFile(wantedTablePathIn(state), '{');
    host.files.fail({ errno: 'EROFS', method: 'writeAtomic' });
    expect(() => {
      ensureInHook(host, state);
    }).not.toThrow();
  });

  it('makes no directory, and tells nothing of what was disabled', () => {
    host.files.remove('/q/qemu-aarch64');
    host.files.remove(wantedTablePathIn(state));
    ensureInHook(host, state);
    expect(host.files.list(state)).toEqual([]);
    host.files.removeDirectory(state);
    ensureInHook(host, state);
    expect(host.files.status(state)).toBeUndefined();
  });

  it('says that the record of a failure is damaged', () => {
    host.files.addFile(hookFailurePathIn(state), '[]');
    expect(() => readHookFailure(host, state)).toThrowWithCode('ANYARCH_STATE_INVALID');
  });
});
