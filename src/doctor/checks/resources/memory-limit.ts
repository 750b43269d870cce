import { defineCheck } from '../../check.ts';
import { isAskedAbout, saysOneOf } from '../../facts/asked-about.ts';
import { groupLimits } from '../../facts/control-groups.ts';
import { shownSize } from '../../size.ts';
import type { Symptom } from '../../symptom.ts';

const symptoms: readonly Symptom[] = ['out-of-memory', 'guest-crash'];

/** Bytes. A compiler of a guest needs several hundred MB with what it was translated to. */
const little = 512 * 1024 * 1024;

export const memoryLimit = defineCheck({
  id: 'memory-limit',
  question: 'Is there memory for guests and their translation?',
  severity: 'error',
  explanation:
    "Each emulated process has QEMU's own memory beside its guest's: the code that was translated (up to hundreds of MB for large programs) and tables. Under a control group's memory limit the kernel kills it: exit code 137, \"Killed\", a build that ends in the middle.",
  remedy: 'docker run --memory, a larger machine (Docker Desktop, podman machine), fewer jobs at once',
  symptoms,
  references: ['https://docs.kernel.org/admin-guide/cgroup-v2.html#memory'],
  examine: (examination) => {
    const { memory, kills } = groupLimits(examination);
    if (memory === undefined)
      return { status: 'ok', evidence: ['no control group that is seen here limits memory'] };
    const isKilled = kills > 0;
    const isAsked =
      isAskedAbout(examination, ['out-of-memory']) || saysOneOf(examination, [/\b137\b/, /\bKilled\b/]);
    const evidence = [
      `${memory.path}: ${shownSize(memory.limit)}${memory.current === undefined ? '' : `, ${shownSize(memory.current)} in use`}`,
      `processes killed for want of memory there: ${kills}`,
    ];
    const isTight = memory.limit < little;
    if (!isTight && !(isAsked && isKilled)) return { status: 'ok', evidence };
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'note',
      certainty: isAsked && isKilled ? 'likely' : 'possible',
      summary: `a control group limits memory to ${shownSize(memory.limit)}${isKilled ? `, and ${kills} processes were killed for it` : ''}`,
      evidence,
      remedies: [
        {
          does: 'give it more (docker run --memory, the resources of the pod or of the machine), or run fewer jobs at once (make -j1)',
          by: 'user',
        },
      ],
    };
  },
});
