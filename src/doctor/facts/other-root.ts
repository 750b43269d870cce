import { fact } from '../examination.ts';

/** What starts programs among other files than this machine's. */
const tools = [
  'docker',
  'podman',
  'runc',
  'crun',
  'buildah',
  'buildkit',
  'containerd',
  'apptainer',
  'singularity',
  'bwrap',
  'nspawn',
  'chroot',
];

/**
 * Whether what failed was started in a root file system of its own, and how that is known; undefined where it was not, or nobody
 * said so.
 */
export const otherRoot = fact(({ root, scope, image, message }): OtherRoot | undefined => {
  if (root !== '/') return { path: root, why: `the root file system ${root}` };
  if (image !== undefined) return { path: undefined, why: `a container of ${image}` };
  const tool = message?.tool;
  if (tool !== undefined && tools.includes(tool)) return { path: undefined, why: `what ${tool} starts` };
  return scope === undefined || scope === 'vm'
    ? undefined
    : { path: undefined, why: `containers of ${scope}` };
});

export interface OtherRoot {
  /** Where it is on this host; undefined where that is not known: in a container. */
  readonly path: string | undefined;
  /** Noun phrase: `what docker starts`. */
  readonly why: string;
}
