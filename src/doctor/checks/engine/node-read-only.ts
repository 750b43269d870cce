import { mountOf } from '../../../host/mounts.ts';
import { defineCheck } from '../../check.ts';

export const nodeReadOnly = defineCheck({
  id: 'node-read-only',
  question: 'Can the node keep what is registered over a reboot?',
  severity: 'note',
  explanation:
    'Container operating systems (Bottlerocket, Talos, Flatcar, Fedora CoreOS, COS) mount /usr or /etc read-only and renew nodes without asking: what is registered by hand is gone with the next one. There something in the cluster has to assert it again and again.',
  remedy: 'a DaemonSet that keeps it up: anyarch watch',
  symptoms: ['registration-lost', 'exec-format-error'],
  scopes: ['kubernetes-node'],
  examine: (examination) => {
    if (examination.scope !== 'kubernetes-node')
      return { status: 'skipped', reason: 'it is not about a node' };
    const mount = mountOf(examination.host, '/etc/binfmt.d');
    if (mount === undefined) return { status: 'unknown', reason: '/proc/self/mountinfo does not tell' };
    const place = `/etc/binfmt.d is on ${mount.point} (${mount.type})`;
    if (!mount.options.has('ro')) return { status: 'ok', evidence: [`${place}, which is writable`] };
    return {
      status: 'fault',
      severity: 'note',
      certainty: 'possible',
      summary: 'what is registered on this node cannot be kept on it',
      evidence: [`${place}, which is read-only`],
      remedies: [
        { does: 'keep it up from the cluster', command: ['anyarch', 'watch'], by: 'user', needsRoot: true },
      ],
    };
  },
});
