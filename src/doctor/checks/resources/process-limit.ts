import { defineCheck } from '../../check.ts';
import { isAskedAbout, saysOneOf } from '../../facts/asked-about.ts';
import { groupLimits } from '../../facts/control-groups.ts';
import { processLimits } from '../../facts/limits.ts';
import { noMoreProcesses } from '../../message/no-more-processes.ts';

export const processLimit = defineCheck({
  id: 'process-limit',
  question: 'May guests start processes?',
  severity: 'error',
  explanation:
    'An emulated process counts as two at least: QEMU has a thread of its own beside each of the guest\'s. Under a limit of processes (ulimit -u, pids.max of a control group, docker run --pids-limit) emulated builds meet it at half of what native ones do: "Resource temporarily unavailable".',
  remedy: 'docker run --pids-limit, TasksMax= of systemd, ulimit -u',
  symptoms: ['out-of-memory'],
  references: ['https://docs.kernel.org/admin-guide/cgroup-v2.html#pid'],
  examine: (examination) => {
    const { processes } = groupLimits(examination);
    const own = processLimits(examination).processes;
    const evidence = [
      processes === undefined
        ? 'no control group that is seen here limits processes'
        : `${processes.path}: ${processes.limit}, ${processes.current ?? '?'} there`,
      `/proc/self/limits: Max processes is ${own ?? 'unlimited'}`,
    ];
    const isSaid = saysOneOf(examination, [noMoreProcesses]);
    const isReached = processes?.current !== undefined && processes.current > processes.limit * 0.9;
    const isTight = [processes?.limit, own].some((limit) => limit !== undefined && limit < 64);
    if (!isSaid && !isReached && !isTight) return { status: 'ok', evidence };
    const isAsked = isSaid || isAskedAbout(examination, ['out-of-memory']);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : isReached ? 'warning' : 'note',
      certainty: isReached && isSaid ? 'proven' : isSaid || isReached ? 'likely' : 'possible',
      summary: isSaid
        ? isReached
          ? 'no process or thread could be started: a limit of processes is reached'
          : 'no process or thread could be started: a limit of processes may be reached where the message comes from'
        : 'processes are limited to few, and emulated ones count twice',
      evidence,
      remedies: [
        {
          does: 'raise the limit where it is set: docker run --pids-limit -1, TasksMax= of the unit, ulimit -u; or run fewer jobs at once',
          by: 'user',
        },
      ],
    };
  },
});
