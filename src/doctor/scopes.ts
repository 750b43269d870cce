/** What people run programs with, and where. */
export const scopes = ['docker', 'podman', 'buildah', 'apptainer', 'kubernetes-node', 'vm'] as const;

export type Scope = (typeof scopes)[number];
