import { defineCheck } from '../../check.ts';
import { nodeRuntimes } from '../../facts/engines/node.ts';

export const nodeWithoutRuntime = defineCheck({
  id: 'node-without-runtime',
  question: 'Is this a node of a Kubernetes cluster?',
  severity: 'warning',
  explanation:
    "Pods run on their node's kernel, and by its table. Neither a runtime's socket (containerd, CRI-O) nor a kubelet is seen here: this is another machine, or a container that does not see the node's files.",
  remedy: 'run it on the node, or: kubectl debug node/NAME -it --image=anyarch --profile=sysadmin',
  symptoms: ['engine-unreachable'],
  scopes: ['kubernetes-node'],
  examine: (examination) => {
    if (examination.scope !== 'kubernetes-node')
      return { status: 'skipped', reason: 'it is not about a node' };
    const found = nodeRuntimes(examination);
    if (found.length > 0) return { status: 'ok', evidence: found };
    return {
      status: 'fault',
      severity: 'warning',
      certainty: 'possible',
      summary: 'nothing of Kubernetes is seen on this machine',
      evidence: ['no socket of containerd or CRI-O, and no kubelet'],
      remedies: [
        {
          does: 'examine the node itself: log in there, or kubectl debug node/NAME -it --image=IMAGE --profile=sysadmin, and from there chroot /host',
          by: 'user',
        },
      ],
    };
  },
});
