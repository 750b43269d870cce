import { registryOptions } from './registry-options.ts';

/** Options of `run` that are about images. */
export const runImageOptions = {
  image: {
    type: 'string',
    value: 'REF',
    help: 'run an image: of a registry, a layout (oci:DIR), an archive (docker-archive:FILE), podman (containers-storage:REF) or docker (docker-daemon:REF)',
    complete: 'file',
  },
  entrypoint: {
    type: 'string',
    value: 'PROGRAM',
    help: "instead of the image's entry point and its arguments; empty for none",
  },
  pull: {
    type: 'string',
    choices: ['missing', 'always', 'never'],
    help: 'when to ask the registry; default: missing, for what is not unpacked yet',
  },
  ...registryOptions,
} as const;
