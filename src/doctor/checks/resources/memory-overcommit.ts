import { defineCheck } from '../../check.ts';
import { isAskedAbout, saysOneOf } from '../../facts/asked-about.ts';
import { numberOf, settingOf, textOf } from '../../facts/read-text.ts';
import { shownSize } from '../../size.ts';

/** Bytes: QEMU's buffer for translated code is 1 GiB at most (accel/tcg). */
const buffer = 1024 ** 3;

export const memoryOvercommit = defineCheck({
  id: 'memory-overcommit',
  question: 'May programs reserve more memory than they use?',
  severity: 'error',
  explanation:
    'QEMU reserves up to 1 GiB for translated code in each emulated process and uses little of it. Where the kernel counts what is reserved (vm.overcommit_memory=2), a few emulated processes use up the limit: "Could not allocate dynamic translator buffer", "Cannot allocate memory".',
  remedy: 'as root: sysctl vm.overcommit_memory=0, or a higher vm.overcommit_ratio',
  symptoms: ['out-of-memory', 'guest-crash'],
  references: ['https://docs.kernel.org/mm/overcommit-accounting.html'],
  examine: (examination) => {
    const { host } = examination;
    const mode = settingOf(host, 'vm.overcommit_memory');
    if (mode === undefined)
      return { status: 'unknown', reason: '/proc/sys/vm/overcommit_memory cannot be read' };
    if (mode !== '2') return { status: 'ok', evidence: [`vm.overcommit_memory is ${mode}`] };
    const meminfo = textOf(host, '/proc/meminfo') ?? '';
    const bytesOf = (name: string): number =>
      (numberOf(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)?.[1]) ?? NaN) * 1024;
    const left = bytesOf('CommitLimit') - bytesOf('Committed_AS');
    if (!Number.isNaN(left) && left > 4 * buffer)
      return {
        status: 'ok',
        evidence: [`vm.overcommit_memory is 2, and ${shownSize(left)} can still be reserved`],
      };
    const isAsked =
      isAskedAbout(examination, ['out-of-memory']) ||
      saysOneOf(examination, [/dynamic translator buffer/, /Cannot allocate memory/]);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'warning',
      certainty: 'likely',
      summary: 'the kernel counts reserved memory, and little is left to reserve',
      evidence: [
        'vm.overcommit_memory is 2',
        `left to reserve: ${Number.isNaN(left) ? 'not shown' : shownSize(Math.max(0, left))}`,
      ],
      remedies: [
        {
          does: 'have the kernel estimate instead, until the next boot',
          command: ['sysctl', '-w', 'vm.overcommit_memory=0'],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
