import { defineCheck } from '../../check.ts';
import { adviceVerdict } from './advice-verdict.ts';

export const emulatorAdvisedAgainst = defineCheck({
  id: 'emulator-advised-against',
  question: 'Are the emulators free of known faults for these guests?',
  severity: 'error',
  explanation:
    'Versions and builds of QEMU have faults that certain guests meet: a system call that is missing, a processor without the instructions of a distribution, a runtime that hangs. A table of them (docs/advisories.md) is matched with the emulators that are registered, the host, and with --file or --rootfs what the guest was made with. With --strict those that are only reported or disputed count, too.',
  remedy: 'anyarch register ARCH, which takes a tested emulator, or the variable that the advisory names',
  symptoms: ['guest-crash', 'system-call-missing', 'illegal-instruction', 'guest-hang'],
  references: ['https://gitlab.com/qemu-project/qemu/-/issues'],
  examine: (examination) => adviceVerdict(examination, ['crash', 'hang', 'failure', 'wrong']),
});
