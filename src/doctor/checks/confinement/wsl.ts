import { defineCheck } from '../../check.ts';
import type { Verdict } from '../../verdict.ts';

export const wsl = defineCheck({
  id: 'wsl',
  question: 'Is this a Linux of its own, not one inside of Windows?',
  severity: 'error',
  explanation:
    'WSL 1 imitates Linux and has no binfmt_misc that takes emulators. In WSL 2 all distributions share one kernel and so one table: what one registers, all have, Docker Desktop, too; it is empty again after "wsl --shutdown", and whenever Windows stops the idle machine. Windows programs start by the entry WSLInterop in the same table.',
  remedy: 'WSL 1: wsl.exe --set-version DISTRIBUTION 2; WSL 2: anyarch persist enable',
  symptoms: ['exec-format-error', 'registration-refused', 'registration-lost'],
  references: ['https://learn.microsoft.com/en-us/windows/wsl/compare-versions'],
  examine: ({ host: { system } }): Verdict => {
    const { kernelRelease } = system;
    if (!/microsoft/i.test(kernelRelease)) return { status: 'ok', evidence: [`uname -r: ${kernelRelease}`] };
    if (kernelRelease.endsWith('-Microsoft'))
      return {
        status: 'fault',
        severity: 'error',
        certainty: 'proven',
        summary: 'this is WSL 1, which has no table for emulators',
        evidence: [`uname -r: ${kernelRelease}`],
        remedies: [
          {
            does: 'make it WSL 2',
            command: [
              'wsl.exe',
              '--set-version',
              system.environment['WSL_DISTRO_NAME'] ?? 'DISTRIBUTION',
              '2',
            ],
            by: 'user',
          },
          {
            does: 'start single programs with an explicit emulator: anyarch exec -a ARCH PROGRAM',
            by: 'user',
          },
        ],
      };
    return {
      status: 'fault',
      severity: 'note',
      certainty: 'possible',
      summary: 'this is WSL 2: one table for all distributions, empty again when Windows stops the machine',
      evidence: [`uname -r: ${kernelRelease}`],
      symptoms: ['registration-lost'],
      remedies: [
        {
          does: 'have what is registered put back at each start',
          command: ['anyarch', 'persist', 'enable'],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
