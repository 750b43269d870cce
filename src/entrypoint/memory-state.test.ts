import { describe, expect, it } from 'vitest';
import { errnoThrownBy } from '../../test/contract/errno.ts';
import { describeFiles } from '../../test/contract/files.ts';
import { fakeHost } from '../host/testing/index.ts';
import { withMemoryAt } from './memory-state.ts';

const tmpfsMagic = 0x01021994;

describeFiles(
  'in memory',
  () => {
    const host = fakeHost();
    host.files.mount('/small', { type: tmpfsMagic, capacity: 65_536 });
    host.files.mount('/readonly', { type: tmpfsMagic, readOnly: true });
    host.files.addFile('/readonly/present', '');
    return {
      files: withMemoryAt(host, '/memory'),
      directory: '/memory',
      smallDirectory: '/small',
      readOnlyDirectory: '/readonly',
      noExecuteDirectory: '/memory',
      smallType: tmpfsMagic,
    };
  },
  { dataOnly: true },
);

describe('withMemoryAt', () => {
  it('touches nothing on the disk, and sees nothing of what is there', () => {
    const host = fakeHost();
    host.files.addFile('/run/state/planted', 'x');
    const before = host.files.list('/run/state');
    const files = withMemoryAt(host, '/run/state');
    expect(files.list('/run/state')).toEqual([]);
    files.writeAtomic('/run/state/a', new Uint8Array(3));
    files.makeDirectory('/run/state/b/c');
    expect(files.list('/run/state')).toEqual(['a', 'b']);
    expect(host.files.list('/run/state')).toEqual(before);
  });

  it('leaves everything else to the host, also what begins alike', () => {
    const host = fakeHost();
    host.files.addDirectory('/run');
    const files = withMemoryAt(host, '/run/state');
    files.writeAtomic('/run/state-of-others', new Uint8Array(1));
    expect(host.files.status('/run/state-of-others')?.size).toBe(1);
    expect(
      errnoThrownBy(() => {
        files.rename('/run/state-of-others', '/run/state/a');
      }),
    ).toBe('EXDEV');
  });

  it('neither executes nor hashes', () => {
    const files = withMemoryAt(fakeHost(), '/run/state');
    files.createFleeting('/run/state/program', new Uint8Array(), 0o755);
    expect(files.isExecutable('/run/state/program')).toBe(false);
    expect(errnoThrownBy(() => files.sha256('/run/state/program'))).toBe('ENOTSUP');
  });
});
