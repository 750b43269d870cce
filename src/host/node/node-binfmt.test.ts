import { beforeEach, describe, expect, it } from 'vitest';
import { SystemError } from '../system-error.ts';
import { fakeFiles } from '../testing/fake-files.ts';
import type { FakeFiles } from '../testing/fake-files.ts';
import { fakeProcesses } from '../testing/fake-processes.ts';
import type { Launch } from './launchers.ts';
import { nodeBinfmt } from './node-binfmt.ts';

const path = '/proc/sys/fs/binfmt_misc';
const succeeded: Launch = {
  failures: [],
  output: new Uint8Array(),
  exitCode: 0,
  signal: undefined,
  timedOut: false,
  stderr: '',
};

describe('nodeBinfmt', () => {
  let files: FakeFiles;
  let launch: Launch;
  beforeEach(() => {
    files = fakeFiles();
    files.addFile('/proc/filesystems', 'nodev\tproc\nnodev\tbinfmt_misc\n');
    launch = succeeded;
  });
  const processes = fakeProcesses();
  const subject = () =>
    nodeBinfmt({ files, processes, launchers: { launch: () => launch }, flock: () => true });

  it('tells the states apart', () => {
    expect(subject().state()).toBe('unsupported');
    files.addDirectory(path);
    expect(subject().state()).toBe('unmounted');
    files.addFile('/proc/filesystems', 'nodev\tproc\n');
    expect(subject().state()).toBe('unsupported');
    files.mount(path, { type: 0x0187 });
    expect(subject().state()).toBe('autofs');
    files.mount(path, { type: 0x42494e4d });
    expect(subject().state()).toBe('mounted');
  });

  it('loads the module first where the kernel does not know the file system', () => {
    subject().mount();
    expect(processes.runs.map(({ command }) => command)).toEqual([['modprobe', 'binfmt_misc']]);
    files.addDirectory(path);
    subject().mount();
    expect(processes.runs).toHaveLength(1);
  });

  it('fails with the errno of mount(2)', () => {
    files.addDirectory(path);
    launch = { ...succeeded, failures: [{ step: 0, errno: 1 }], exitCode: 125 };
    expect(() => {
      subject().mount();
    }).toThrow(new SystemError('EPERM', 'mount', path));
    launch = { ...succeeded, exitCode: undefined, timedOut: true };
    expect(() => {
      subject().mount();
    }).toThrow(SystemError);
  });
});
