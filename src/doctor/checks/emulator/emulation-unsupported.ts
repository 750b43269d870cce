import { defineCheck } from '../../check.ts';
import { adviceVerdict } from './advice-verdict.ts';

export const emulationUnsupported = defineCheck({
  id: 'emulation-unsupported',
  question: 'Does the guest do without what no version of QEMU emulates for single programs?',
  severity: 'error',
  explanation:
    'User-mode emulation passes system calls on to the kernel of the host, and refuses those that it cannot translate: ptrace for debuggers, seccomp and landlock for sandboxes, new namespaces for systemd as PID 1 and container engines, io_uring and libaio. Some runtimes, such as .NET, are declared unsupported by their makers.',
  remedy: 'do without it, debug from outside (anyarch debug), or use a whole machine of that architecture',
  symptoms: ['tracing-refused', 'namespace-refused', 'system-call-missing'],
  examine: (examination) => adviceVerdict(examination, ['unsupported']),
});
