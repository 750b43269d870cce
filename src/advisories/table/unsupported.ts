import type { Advisory } from '../advisory.ts';

const wholeMachine = {
  does: 'run it on a machine of that architecture, emulated as a whole if need be',
} as const;

/** What user-mode emulation does not do in any version, 7.2 to 11.1 measured on arm64 guests. */
export const unsupportedAdvisories: readonly Advisory[] = [
  {
    id: 'ptrace-missing',
    title: 'debuggers and tracers do not work inside',
    effect: 'unsupported',
    seen: '`ptrace: Function not implemented` from gdb, strace, ltrace, py-spy, crash reporters',
    says: [/ptrace[^\n]*(Function not implemented|not implemented)/i],
    cause: 'ptrace(2) gives ENOSYS',
    applies: {},
    workarounds: [
      { does: 'debug from outside: anyarch debug' },
      { does: 'trace from outside', environment: { QEMU_STRACE: '1' } },
      wholeMachine,
    ],
    confidence: 'measured',
    references: [
      'https://github.com/benfred/py-spy/issues/530',
      'https://github.com/docker/for-mac/issues/5191',
    ],
  },
  {
    id: 'asynchronous-io-missing',
    title: 'libaio and io_uring do not work inside',
    effect: 'unsupported',
    seen: '`io_setup() failed`, `io_uring_queue_init: Function not implemented`',
    says: [/io_(setup|queue_init|uring\w*)\b[^\n]*(fail|ENOSYS|not implemented)/i],
    cause: 'io_setup(2) and io_uring_setup(2) give ENOSYS',
    applies: {},
    workarounds: [
      { does: 'switch it off in the program; MySQL and MariaDB: innodb_use_native_aio=0' },
      wholeMachine,
    ],
    confidence: 'measured',
    references: ['https://github.com/multiarch/qemu-user-static/issues/114'],
  },
  {
    id: 'sandbox-missing',
    title: 'programs that put themselves into a sandbox fail, browsers above all',
    effect: 'unsupported',
    seen: '`prctl(PR_SET_SECCOMP): Invalid argument`, `Check failed: sandbox::ThreadHelpers::IsSingleThreaded()`, `target signal 5 (Trace/breakpoint trap)`',
    says: [/PR_SET_SECCOMP/, /IsSingleThreaded/, /landlock[^\n]*not implemented/i, /target signal 5\b/],
    cause: 'seccomp(2) and landlock give ENOSYS, PR_SET_SECCOMP EINVAL; the emulator has a second thread',
    applies: {},
    workarounds: [{ does: 'switch the sandbox off: chromium --no-sandbox --no-zygote' }, wholeMachine],
    confidence: 'measured',
    references: [
      'https://github.com/microsoft/playwright/issues/11112',
      'https://github.com/docker/for-mac/issues/5766',
    ],
  },
  {
    id: 'namespaces-refused',
    title: 'systemd as PID 1, container engines and others that make namespaces fail inside',
    effect: 'unsupported',
    seen: '`Failed to fork off sandboxing environment: Invalid argument`, `Failed to set up credentials: Invalid argument`, `unshare failed: Invalid argument`',
    says: [
      /sandboxing environment[^\n]*Invalid argument/,
      /unshare[^\n]*Invalid argument/,
      /set up credentials: Invalid argument/,
    ],
    cause: 'clone(2) with CLONE_NEW…, and unshare(2) of a user namespace, give EINVAL',
    applies: {},
    workarounds: [wholeMachine],
    confidence: 'measured',
    references: [
      'https://github.com/systemd/systemd/issues/28901',
      'https://github.com/systemd/systemd/issues/31219',
    ],
  },
];
