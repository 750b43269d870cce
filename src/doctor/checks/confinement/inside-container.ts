import { isInitialUserNamespace } from '../../../core/user-namespace.ts';
import { defineCheck } from '../../check.ts';
import { containerMark } from '../../facts/container.ts';
import { processStatus } from '../../facts/process-status.ts';
import { textOf } from '../../facts/read-text.ts';

export const insideContainer = defineCheck({
  id: 'inside-container',
  question: 'Is this the machine itself, not a container?',
  severity: 'note',
  explanation:
    "In a container the doctor sees the container's files, limits and confinement. The table is the host's all the same, unless the container is in a user namespace with one of its own; the emulators that it names lie on the host.",
  remedy: 'run anyarch doctor on the host, too',
  symptoms: ['registration-lost'],
  examine: (examination) => {
    const { host } = examination;
    const mark = containerMark(examination);
    if (mark === undefined) return { status: 'ok', evidence: ['no engine has left a mark here'] };
    const { seccomp, label, noNewPrivileges } = processStatus(examination);
    const map = textOf(host, '/proc/self/uid_map');
    return {
      status: 'fault',
      severity: 'note',
      certainty: 'possible',
      summary:
        'this is a container: what is found here is what its processes see, and files of the host are hidden',
      evidence: [
        mark,
        `user namespace: ${map === undefined ? 'unknown' : isInitialUserNamespace(map) ? "the host's" : 'its own'}`,
        `binfmt_misc: ${host.binfmt.state()} at ${host.binfmt.path}`,
        `seccomp: ${seccomp ?? 'unknown'}; no_new_privs: ${noNewPrivileges ?? 'unknown'}; label: ${label ?? 'none'}`,
      ],
      remedies: [{ does: 'run the doctor on the host, too', command: ['anyarch', 'doctor'], by: 'user' }],
    };
  },
});
