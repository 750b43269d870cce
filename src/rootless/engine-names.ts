/** In the order in which they are shown. */
export const engineNames = ['podman', 'docker', 'buildah', 'apptainer'] as const;

export type EngineName = (typeof engineNames)[number];
