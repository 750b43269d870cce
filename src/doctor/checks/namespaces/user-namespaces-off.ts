import type { Condition } from '../../../private-table/index.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { privateTables } from '../../facts/private-tables.ts';
import { settingOf } from '../../facts/read-text.ts';
import type { Remedy, Verdict } from '../../verdict.ts';
import { refusalIn } from './refusal.ts';
import { severityFor } from './severity.ts';

export const userNamespacesOff = defineCheck({
  id: 'user-namespaces-off',
  question: 'Does the kernel let users make namespaces?',
  severity: 'error',
  explanation:
    'Without root, everything that anyarch, podman, buildah, apptainer and bwrap do begins with a user namespace. The kernel may be built without them, Debian\'s switch kernel.unprivileged_userns_clone may forbid them, or the limit user.max_user_namespaces may be 0 or reached, which tools call "No space left on device".',
  remedy: 'as root: sysctl user.max_user_namespaces=15000, or: sysctl kernel.unprivileged_userns_clone=1',
  symptoms: ['namespace-refused'],
  references: ['https://man7.org/linux/man-pages/man7/user_namespaces.7.html'],
  examine: (examination) => userNamespacesOffIn(examination, privateTables(examination)),
});

export function userNamespacesOffIn(examination: Examination, conditions: readonly Condition[]): Verdict {
  const refusal = refusalIn(conditions);
  if (refusal === undefined)
    return { status: 'ok', evidence: ['a user namespace with a table of its own was made'] };
  const { cause, evidence } = refusal;
  if (cause !== 'switched-off' && cause !== 'unsupported')
    return {
      status: 'ok',
      evidence: ['the kernel has user namespaces, and no switch or limit forbids them'],
    };
  return {
    status: 'fault',
    ...severityFor(examination, 'namespace-refused'),
    summary:
      cause === 'unsupported'
        ? 'the kernel was built without user namespaces'
        : 'a setting of the kernel forbids user namespaces',
    evidence: [evidence],
    remedies: [cause === 'unsupported' ? otherKernel : switchOn(examination), registerAsRoot],
  };
}

function switchOn({ host }: Examination): Remedy {
  const isSwitch = settingOf(host, 'kernel.unprivileged_userns_clone') === '0';
  return {
    does: 'allow them until the next boot; a file in /etc/sysctl.d with the same makes it last',
    command: [
      'sysctl',
      '-w',
      isSwitch ? 'kernel.unprivileged_userns_clone=1' : 'user.max_user_namespaces=15000',
    ],
    by: 'user',
    needsRoot: true,
  };
}

const otherKernel: Remedy = { does: 'boot a kernel that has CONFIG_USER_NS', by: 'user' };

/** What needs no namespaces. */
export const registerAsRoot: Remedy = {
  does: "register in the host's table instead, which needs no namespaces",
  command: ['anyarch', 'register'],
  by: 'user',
  needsRoot: true,
};
