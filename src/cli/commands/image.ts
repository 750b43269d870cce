import { defineCommand } from '../command.ts';
import { registryOptions } from './registry-options.ts';

export const imageBuild = defineCommand({
  name: 'image build',
  summary: 'build the container images, without an engine and without root',
  description: `Builds anyarch's images as an OCI image layout or as an archive that docker and podman load. Emulators come from Debian,
verified, for each platform. The same inputs give the same digests on every machine. Without --tag the tags latest, register, binfmt,
qus and the version are built; ARCH (aarch64) and HOST-ARCH (x86_64-aarch64) make images with one emulator.`,
  positionals: [],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'PATH',
      help: 'directory (oci) or file (archives) to write; must not exist',
      complete: 'file',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'default: oci; docker-archive is for one platform',
      choices: ['oci', 'oci-archive', 'docker-archive'],
    },
    tag: { type: 'string', short: 't', multiple: true, value: 'TAG', help: 'may be given several times' },
    'architecture-tags': {
      type: 'boolean',
      help: 'also a tag for each emulator, and for each host and emulator',
    },
    platform: {
      type: 'string',
      multiple: true,
      value: 'PLATFORM',
      help: 'machines that the images run on, such as linux/arm64; default: all seven',
    },
    arch: {
      type: 'string',
      short: 'a',
      multiple: true,
      value: 'ARCH',
      help: 'emulators that go into tags with several; default: all',
      complete: 'architecture',
    },
    emulators: {
      type: 'string',
      value: 'DIR|store',
      help: "directory with linux-amd64/qemu-aarch64-static and so on; default: Debian's, kept in the cache",
      complete: 'directory',
    },
    'allow-missing': {
      type: 'boolean',
      help: 'end with 0, and not with 3, when a platform lacks emulators that were asked for',
    },
    suite: { type: 'string', value: 'SUITE', help: 'Debian suite that the emulators come from' },
    qemu: { type: 'string', value: 'VERSION', help: 'pin the version of QEMU, such as 10.0.13' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror' },
    'allow-expired': { type: 'boolean', help: 'accept a Release file whose Valid-Until has passed' },
    compression: {
      type: 'string',
      value: 'NAME',
      help: 'of the layers; default: gzip',
      choices: ['gzip', 'zstd', 'none'],
    },
    program: {
      type: 'string',
      value: 'DIR',
      help: "directory with linux-amd64/anyarch and so on; default: anyarch's own",
      complete: 'directory',
    },
    name: {
      type: 'string',
      value: 'NAME',
      help: 'repository that engines know the image by; default: docker.io/library/anyarch',
    },
    revision: { type: 'string', value: 'COMMIT', help: 'commit of the sources, for the annotations' },
    source: { type: 'string', value: 'URL', help: 'where the sources are, for the annotations' },
    'no-attestations': {
      type: 'boolean',
      help: 'attach no bill of materials and no provenance',
    },
    'source-date-epoch': {
      type: 'string',
      value: 'SECONDS',
      help: 'time of creation; default: SOURCE_DATE_EPOCH, else 0',
    },
  },
  examples: [
    { command: 'anyarch image build -o images', does: 'all tags for all platforms, as an image layout' },
    {
      command:
        'anyarch image build --format docker-archive --platform linux/amd64 -t latest -a arm64 -o a.tar',
      does: 'a small image for this machine',
    },
  ],
});

export const imageInspect = defineCommand({
  name: 'image inspect',
  summary: 'show what is in an image layout, an archive or a registry, and verify every digest',
  description: `Reads OCI image layouts (directories and archives) and docker-archives. Ends with 1 when anything is not what its digest says.
What is no file here is looked for in a registry; its layers are not fetched.`,
  positionals: [
    {
      name: 'IMAGE',
      help: 'a directory, an archive, or a reference: localhost:5000/team/image:tag',
      required: true,
      complete: 'file',
    },
  ],
  options: registryOptions,
  examples: [
    { command: 'anyarch image inspect images --json', does: 'everything, as one JSON document' },
    { command: 'anyarch image inspect localhost:5000/anyarch:latest', does: 'what a registry has' },
  ],
});
