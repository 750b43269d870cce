import { defineCommand } from '../command.ts';
import { registryOptions } from './registry-options.ts';

export const imageCompare = defineCommand({
  name: 'image compare',
  summary: 'compare two images file by file',
  description: `Compares configuration, history and every file: type, mode, owner, content, link targets, device numbers and extended attributes. Layer
by layer where both have as many layers, else the trees that they make. Files of which only the time differs are counted. Differences that
no two builds are without, such as times in archives, are shown with their reason. Exit code 0 when there are no others, else 1. Reads images of registries,
layouts, archives, and the engines' storages: REF, oci:DIR, oci-archive:FILE, docker-archive:FILE, containers-storage:REF,
docker-daemon:REF.`,
  positionals: [
    { name: 'FIRST', help: 'an image', required: true },
    { name: 'SECOND', help: 'another one', required: true },
  ],
  options: {
    platform: { type: 'string', value: 'PLATFORM', help: "of several; default: this machine's" },
    all: { type: 'boolean', help: 'list every file that differs, those with a reason too' },
    ...registryOptions,
  },
  examples: [
    {
      command: 'anyarch image compare containers-storage:app:1 docker://registry.example/app:1',
      does: "a build of podman's with what is in the registry",
    },
    {
      command: 'anyarch image compare --platform linux/arm64 oci:./first oci:./second',
      does: 'one platform of two layouts',
    },
  ],
});
