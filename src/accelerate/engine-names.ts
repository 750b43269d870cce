/** Engines that can be told to mount the tool tree, in the order in which they are reported. */
export const accelerateEngineNames = ['podman', 'buildah', 'docker'] as const;
export type AccelerateEngineName = (typeof accelerateEngineNames)[number];
