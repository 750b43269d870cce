import { fact } from '../../examination.ts';
import { pathExists } from '../path-exists.ts';

/** Where the runtimes of nodes listen, and what a kubelet leaves. */
const signs = [
  ['/run/containerd/containerd.sock', 'containerd'],
  ['/run/k3s/containerd/containerd.sock', "k3s's containerd"],
  ['/run/k0s/containerd.sock', "k0s's containerd"],
  ['/var/snap/microk8s/common/run/containerd.sock', "microk8s's containerd"],
  ['/run/crio/crio.sock', 'CRI-O'],
  ['/var/run/crio/crio.sock', 'CRI-O'],
  ['/var/lib/kubelet/config.yaml', "the kubelet's configuration"],
  ['/etc/kubernetes/kubelet.conf', "the kubelet's configuration"],
] as const;

/** What shows that this machine runs pods: `containerd: /run/containerd/containerd.sock`. */
export const nodeRuntimes = fact(({ host }): readonly string[] =>
  signs.filter(([path]) => pathExists(host, path)).map(([path, name]) => `${name}: ${path}`),
);
