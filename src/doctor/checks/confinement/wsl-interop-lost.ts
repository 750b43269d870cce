import { defineCheck } from '../../check.ts';
import { saysOneOf } from '../../facts/asked-about.ts';
import { tableStatus } from '../../facts/status.ts';

export const wslInteropLost = defineCheck({
  id: 'wsl-interop-lost',
  question: 'Can WSL 2 still start Windows programs?',
  severity: 'error',
  explanation:
    'WSL starts Windows programs by the entry WSLInterop. Tools that empty the whole table ("-1" in status, --reset of old images, a restart of systemd-binfmt) take it away: then explorer.exe and code are "exec format error".',
  remedy:
    'as root: write :WSLInterop:M::MZ::/init:PF to /proc/sys/fs/binfmt_misc/register, or: wsl.exe --shutdown',
  symptoms: ['exec-format-error'],
  references: ['https://github.com/microsoft/WSL/issues/8843'],
  examine: (examination) => {
    if (!/microsoft-.*WSL2/i.test(examination.host.system.kernelRelease))
      return { status: 'skipped', reason: 'this is not WSL 2' };
    const names = tableStatus(examination).entries.map(({ name }) => name);
    const interop = names.find((name) => name.startsWith('WSLInterop'));
    if (interop !== undefined) return { status: 'ok', evidence: [`there is the entry ${interop}`] };
    const isAsked = saysOneOf(examination, [/\.exe\b/i]);
    return {
      status: 'fault',
      // Somebody may have switched it off, in wsl.conf.
      severity: isAsked ? 'error' : 'note',
      certainty: isAsked ? 'likely' : 'possible',
      summary: 'the entry WSLInterop is gone, so Windows programs do not start',
      evidence: [`entries: ${names.join(', ') || 'none'}`],
      remedies: [
        {
          does: 'register it again, as WSL does',
          command: ['sh', '-c', "echo ':WSLInterop:M::MZ::/init:PF' > /proc/sys/fs/binfmt_misc/register"],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
