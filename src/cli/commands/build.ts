import { defineCommand } from '../command.ts';
import { registryOptions } from './registry-options.ts';

export const build = defineCommand({
  name: 'build',
  summary: 'build an image for several platforms with docker, podman or buildah',
  description: `Has the engine that is here build the Dockerfile once for each platform, natively or emulated, and makes one multi-platform
image of the results. With a tool tree (anyarch accelerate prepare) compilers and other tools of emulated builds run natively, with the
same result. Nothing is named, written or pushed unless every platform was built. Exit code 3 when some platforms failed,
4 when one cannot run here: nothing on this machine is changed to make it run.`,
  positionals: [
    { name: 'DIR', help: "the build's context, or a URL that the engine fetches", complete: 'directory' },
    { name: 'OPTION', help: "behind -- : the engine's own options for its build command", variadic: true },
  ],
  options: {
    platform: {
      type: 'string',
      short: 'p',
      multiple: true,
      value: 'A,B',
      help: "platforms, as linux/arm64 or arm64; default: this machine's",
      complete: 'architecture',
    },
    tag: {
      type: 'string',
      short: 't',
      multiple: true,
      value: 'NAME[:TAG]',
      help: 'what the image is called',
    },
    file: { type: 'string', short: 'f', value: 'FILE', help: 'the Dockerfile', complete: 'file' },
    'build-arg': { type: 'string', multiple: true, value: 'K=V', help: 'a variable of the build' },
    target: { type: 'string', value: 'STAGE', help: 'the stage to build' },
    secret: { type: 'string', multiple: true, value: 'id=…', help: 'a secret that the build may read' },
    label: { type: 'string', multiple: true, value: 'K=V', help: "of the image's configuration" },
    annotation: { type: 'string', multiple: true, value: 'K=V', help: "of each platform's manifest" },
    'no-cache': { type: 'boolean', help: 'build every step anew' },
    pull: { type: 'boolean', help: 'ask the registry for newer base images' },
    'cache-from': {
      type: 'string',
      multiple: true,
      value: 'REF',
      help: 'where the engine looks for built steps',
    },
    'cache-to': { type: 'string', multiple: true, value: 'REF', help: 'where the engine puts built steps' },
    engine: {
      type: 'string',
      choices: ['docker', 'podman', 'buildah'],
      help: 'default: the first that answers',
    },
    push: { type: 'boolean', help: 'push the image under every name, and read back what the registry has' },
    output: {
      type: 'string',
      short: 'o',
      multiple: true,
      value: 'KIND:PATH',
      help: 'oci:DIR, oci-archive:FILE, or for one platform docker-archive:FILE',
    },
    jobs: {
      type: 'string',
      short: 'j',
      value: 'N',
      help: 'platforms at a time, with BuildKit; default: the number of processors',
    },
    verify: {
      type: 'boolean',
      help: 'build without the cache, again without acceleration, and compare the images file by file, before anything is named or pushed',
    },
    prepare: { type: 'boolean', help: "first make the tool sets that the Dockerfile's base images lack" },
    'no-accelerate': { type: 'boolean', help: 'leave the tool tree out' },
    'no-emulation': {
      type: 'boolean',
      help: 'the Dockerfile runs nothing of a foreign platform: do not ask whether that works',
    },
    progress: { type: 'string', choices: ['auto', 'plain', 'quiet'], help: "of the engine's output" },
    'dry-run': { type: 'boolean', help: 'print the engine and its commands, build nothing' },
    ...registryOptions,
  },
  examples: [
    {
      command: 'anyarch build --platform linux/arm64,linux/amd64 -t registry.example/app:1 --push .',
      does: 'two platforms under one name in a registry',
    },
    {
      command: 'anyarch build --platform arm64,riscv64 -t app --verify .',
      does: 'prove that acceleration has changed nothing',
    },
    {
      command: 'anyarch build --engine buildah --platform s390x -t app . -- --squash',
      does: "with an option of the engine's own",
    },
  ],
});
