import { defineCommand } from '../command.ts';
import { registryOptions } from './registry-options.ts';

export const imagePush = defineCommand({
  name: 'image push',
  summary: 'push images of an OCI layout to a registry',
  description: `Pushes images of an OCI image layout, with all platforms and with what refers to them (SBOMs, provenance). Blobs go first and
tags last: nothing half-pushed stands under a tag. What the registry has already is not sent again, another repository of
the same registry lends what it has, and an interrupted upload goes on where it stopped. Run the same command again after a
failure. Of several images, that of the reference's tag or name is pushed.`,
  positionals: [
    { name: 'LAYOUT', help: 'directory of an OCI image layout', required: true, complete: 'directory' },
    {
      name: 'REFERENCE',
      help: 'where to: localhost:5000/team/image:tag',
      required: true,
      variadic: true,
    },
  ],
  options: {
    image: { type: 'string', value: 'NAME', help: 'the name in the layout of the image to push' },
    'all-tags': {
      type: 'boolean',
      help: 'REFERENCE names a repository: push every named image under its name',
    },
    'mount-from': {
      type: 'string',
      multiple: true,
      value: 'REPO',
      help: 'a repository of the same registry that may have some of the blobs',
    },
    ...registryOptions,
  },
  examples: [
    { command: 'anyarch image push ./layout localhost:5000/anyarch:latest', does: 'one image' },
    {
      command: 'anyarch image push ./layout localhost:5000/anyarch --all-tags',
      does: 'every image under its own name',
    },
  ],
});

export const imagePull = defineCommand({
  name: 'image pull',
  summary: 'pull an image from a registry into an OCI layout',
  description: `Pulls an image with all its platforms into a directory, a new one or an OCI image layout. Every byte is compared with its
digest; what is there already is not fetched again, and an interrupted download goes on where it stopped.`,
  positionals: [
    { name: 'REFERENCE', help: 'localhost:5000/team/image:tag, or image@sha256:…', required: true },
    { name: 'DIR', help: 'directory of the layout', required: true, complete: 'directory' },
  ],
  options: {
    platform: { type: 'string', value: 'PLATFORM', help: 'of an index, only the image for this platform' },
    referrers: { type: 'boolean', help: 'SBOMs, provenance and what else refers to the image, too' },
    ...registryOptions,
  },
  examples: [
    { command: 'anyarch image pull localhost:5000/anyarch:latest ./layout', does: 'all platforms' },
    {
      command: 'anyarch image pull --platform linux/arm64 localhost:5000/anyarch ./layout',
      does: 'one platform',
    },
  ],
});
