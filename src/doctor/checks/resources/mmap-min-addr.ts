import { defineCheck } from '../../check.ts';
import { saysOneOf } from '../../facts/asked-about.ts';
import { numberOf, settingOf } from '../../facts/read-text.ts';

/** The kernel's own default (security/Kconfig) and that of all distributions. */
const usual = 65_536;

export const mmapMinAddr = defineCheck({
  id: 'mmap-min-addr',
  question: 'May programs use low addresses?',
  severity: 'error',
  explanation:
    'Some foreign programs are linked to low addresses. QEMU moves them elsewhere where it can; with a vm.mmap_min_addr above the usual 65536 more of them have to be moved, and emulators of before 5.2 give up.',
  remedy: 'as root: sysctl vm.mmap_min_addr=65536',
  symptoms: ['guest-crash', 'out-of-memory'],
  references: ['https://wiki.debian.org/mmap_min_addr'],
  examine: (examination) => {
    const value = numberOf(settingOf(examination.host, 'vm.mmap_min_addr'));
    if (value === undefined)
      return { status: 'unknown', reason: '/proc/sys/vm/mmap_min_addr cannot be read' };
    if (value <= usual) return { status: 'ok', evidence: [`vm.mmap_min_addr is ${value}`] };
    const isSaid = saysOneOf(examination, [/min_mmap_addr|mmap_min_addr/, /guest_base/]);
    return {
      status: 'fault',
      severity: isSaid ? 'error' : 'note',
      certainty: isSaid ? 'likely' : 'possible',
      summary: `vm.mmap_min_addr is ${value}, above the usual ${usual}`,
      evidence: [`/proc/sys/vm/mmap_min_addr: ${value}`],
      remedies: [
        {
          does: 'set it to the usual value, until the next boot',
          command: ['sysctl', '-w', `vm.mmap_min_addr=${usual}`],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
