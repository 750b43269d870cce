import { lookUpArchitecture } from '../../core/architecture.ts';
import { buildProbe } from '../../core/probe/probe.ts';
import { concatBytes } from '../../core/bytes.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Host, System } from '../host.ts';
import { fakeBinfmt } from './fake-binfmt.ts';
import type { FakeBinfmt, FakeBinfmtOptions } from './fake-binfmt.ts';
import { fakeClock } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';
import { fakeExecutor } from './fake-executor.ts';
import type { Behaviour, FakeExecutor, FakeExecutorOptions } from './fake-executor.ts';
import { fakeFiles } from './fake-files.ts';
import type { FakeFiles } from './fake-files.ts';
import { fakeLog } from './fake-log.ts';
import type { FakeLog } from './fake-log.ts';
import { fakeProcesses } from './fake-processes.ts';
import type { FakeProcesses } from './fake-processes.ts';

export interface FakeHostOptions {
  /** Root on an x86_64 machine by default. */
  readonly system?: Partial<System>;
  readonly binfmt?: FakeBinfmtOptions;
  readonly executor?: FakeExecutorOptions;
}

/** A machine in memory: changes nothing and needs no privilege. */
export interface FakeHost extends Host {
  readonly files: FakeFiles;
  readonly processes: FakeProcesses;
  readonly executor: FakeExecutor;
  readonly binfmt: FakeBinfmt;
  readonly clock: FakeClock;
  readonly log: FakeLog;
  /**
   * Adds a program that the machine runs by itself: a static ELF file, different for each `identity`, mode 0755.
   *
   * @param behaviour default: exits with 42, as an emulator does that was given a probe
   */
  addProgram(path: string, identity?: string, behaviour?: Behaviour): void;
}

export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  const system: System = {
    uid: 0,
    gid: 0,
    pid: 100,
    machine: 'x86_64',
    kernelRelease: '6.18.0',
    environment: { HOME: '/root', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    ...options.system,
  };
  const clock = fakeClock();
  const files = fakeFiles({ uid: system.uid, gid: system.gid, now: () => clock.now() });
  addSystemFiles(files, system, options.binfmt);
  const binfmt = fakeBinfmt(files, { ...options.binfmt, now: () => clock.now() });
  const executor = fakeExecutor(files, binfmt.fake, {
    native: nativeOf(system.machine),
    ...options.executor,
  });
  return {
    files,
    processes: fakeProcesses(),
    executor,
    binfmt,
    clock,
    log: fakeLog(),
    system,
    addProgram: (path, identity = path, behaviour = () => ({ kind: 'exited', code: 42 })) => {
      const own = lookUpArchitecture(system.machine)?.name ?? 'x86_64';
      const content = concatBytes([buildProbe(own), encodeUtf8(identity)]);
      files.addFile(path, content, { mode: 0o755 });
      executor.addProgram(content, behaviour);
    },
  };
}

/** A machine runs its own programs; an x86 one those of 32 and of 64 bits, whatever `uname` says. */
function nativeOf(machine: string): string[] {
  const own = lookUpArchitecture(machine)?.name;
  if (own === undefined) return [];
  return own === 'x86_64' || own === 'i386' ? ['x86_64', 'i386'] : [own];
}

/** What anyarch reads of /proc on every machine. */
function addSystemFiles(files: FakeFiles, { pid }: System, binfmt?: FakeBinfmtOptions): void {
  const status = `${pid} (node) S ${'1 '.repeat(18)}5000 0\n`;
  files.addFile(`/proc/${pid}/stat`, status);
  files.addFile('/proc/self/stat', status);
  files.addFile('/proc/self/uid_map', '         0          0 4294967295\n');
  files.addLink('/proc/self/ns/pid', 'pid:[4026531836]');
  files.addLink('/proc/self/ns/user', 'user:[4026531837]');
  files.addLink('/proc/self/ns/mnt', 'mnt:[4026531841]');
  files.addFile('/proc/sys/kernel/random/boot_id', '6f6b1a0e-62f9-4b7e-a8a7-3d2f5c0e9b11\n');
  files.addFile(
    '/proc/filesystems',
    binfmt?.state === 'unsupported' ? 'nodev\tproc\n\text4\n' : 'nodev\tbinfmt_misc\n\text4\n',
  );
  files.addDirectory('/tmp', { mode: 0o1777 });
  if (binfmt?.state !== 'unsupported') files.addDirectory(binfmt?.path ?? '/proc/sys/fs/binfmt_misc');
}
