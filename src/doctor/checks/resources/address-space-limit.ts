import { lookUpArchitecture } from '../../../core/architecture.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { isAskedAbout, saysOneOf } from '../../facts/asked-about.ts';
import { concernedArchitectures } from '../../facts/concerned.ts';
import { emulatorTrials } from '../../facts/emulator-trial.ts';
import { processLimits } from '../../facts/limits.ts';
import { settingOf } from '../../facts/read-text.ts';
import { shownSize } from '../../size.ts';
import type { Remedy } from '../../verdict.ts';

/**
 * QEMU's words, of 11.1 (measured) and of 7.2 (linux-user/elfload.c). Others than a limit bring them: vm.mmap_min_addr, and
 * hosts with fewer bits of addresses.
 */
const said = [
  /Unable to find a guest_base to satisfy all guest address mapping/,
  /Unable to reserve 0x[0-9a-f]+ bytes of virtual address space/,
];

/** Bytes, measured with 11.1: `ulimit -v 4300000` is too little for a guest of 32 bits, 5000000 is enough. */
const enough = 5_000_000 * 1024;

export const addressSpaceLimit = defineCheck({
  id: 'address-space-limit',
  question: 'May an emulator reserve as many addresses as its guest has?',
  severity: 'error',
  explanation:
    'For a guest of 32 bits (arm, i386, mips …) QEMU reserves the whole 4 GiB that such a program can address; it uses none of it until the guest does. A limit of the address space (ulimit -v, limits.conf\'s "as", LimitAS= of systemd, a batch system) below some 5 GB forbids that, while 64-bit guests still run.',
  remedy: 'ulimit -v unlimited, or raise it in /etc/security/limits.conf, the unit or the batch job',
  symptoms: ['out-of-memory', 'guest-crash'],
  references: ['https://www.qemu.org/docs/master/user/main.html'],
  examine: (examination) => {
    const { addressSpace } = processLimits(examination);
    const isSaid = saysOneOf(examination, said);
    if (addressSpace === undefined || addressSpace >= enough)
      return isSaid
        ? {
            status: 'fault',
            severity: 'error',
            certainty: 'likely',
            summary: 'QEMU could not reserve the addresses of its guest, where the message comes from',
            evidence: [
              'the message says so',
              `here the address space is ${addressSpace === undefined ? 'not limited' : `limited to ${shownSize(addressSpace)}`}`,
              `vm.mmap_min_addr is ${settingOf(examination.host, 'vm.mmap_min_addr') ?? 'not shown'}`,
            ],
            remedies: [raise, inContainer],
          }
        : { status: 'ok', evidence: ['the address space is not limited, or to more than 5 GB'] };
    const failed = emulatorTrials(examination).filter(({ works }) => !works);
    const isAsked =
      isSaid || isAskedAbout(examination, ['out-of-memory', 'guest-crash']) || isAboutSmall(examination);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'warning',
      certainty: isSaid || (isAsked && failed.length > 0) ? 'proven' : 'likely',
      summary: `the address space of each process is limited to ${shownSize(addressSpace)}, and a 32-bit guest needs more than 4.3 GB`,
      evidence: [
        `/proc/self/limits: Max address space is ${addressSpace} bytes`,
        ...failed.map(({ evidence }) => evidence),
      ],
      remedies: [raise, inContainer],
    };
  },
});

function isAboutSmall(examination: Examination): boolean {
  return concernedArchitectures(examination).some((name) => lookUpArchitecture(name)?.elf.class === 32);
}

const raise: Remedy = {
  does: 'lift the limit for the shell and what it starts: ulimit -v unlimited; or where it is set: "as" in /etc/security/limits.conf, LimitAS= of the service, the batch system',
  by: 'user',
};
const inContainer: Remedy = { does: 'for a container: docker run --ulimit as=-1 …', by: 'user' };
