import type { ToolPatterns } from '../message-pattern.ts';

export const docker: ToolPatterns = {
  tool: 'docker',
  patterns: [
    {
      line: /image's platform \((?<architecture>[\w/]+)\) does not match the detected host platform/,
      symptoms: ['wrong-platform'],
      // Where emulation is wanted, it is a warning that all is as it should be.
      precision: 'vague',
      examples: [
        "WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested",
      ],
    },
    {
      line: /does not match the specified platform: wanted (?<architecture>[\w/]+)|does not match the specified platform \((?<platform>[\w/]+)\)/,
      symptoms: ['wrong-platform', 'image-not-found'],
      precision: 'exact',
      examples: [
        'docker: Error response from daemon: image with reference alpine was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64.',
        'image with reference alpine:latest was found but its platform (linux/amd64) does not match the specified platform (linux/arm64)',
      ],
    },
    {
      line: /no matching manifest for (?<architecture>[\w/]+)/,
      symptoms: ['wrong-platform', 'image-not-found'],
      precision: 'exact',
      examples: [
        'docker: no matching manifest for linux/s390x in the manifest list entries.',
        'no matching manifest for linux/arm64/v8 in the manifest list entries',
      ],
    },
    {
      line: /was found but does not provide (?:the specified )?platform \(?(?<architecture>[\w/]+)/,
      symptoms: ['wrong-platform', 'image-not-found'],
      precision: 'exact',
      examples: [
        'image with reference alpine was found but does not provide the specified platform (linux/arm64)',
      ],
    },
    {
      line: /Unable to find image '[^']+' locally/,
      symptoms: ['image-not-found'],
      precision: 'vague',
      examples: ["Unable to find image 'anyarch/x:1' locally"],
    },
    {
      line: /pull access denied for \S+|manifest for \S+ not found|No such image: /i,
      symptoms: ['image-not-found'],
      examples: [
        "docker: Error response from daemon: pull access denied for x, repository does not exist or may require 'docker login'",
        'Error response from daemon: manifest for alpine:none not found: manifest unknown',
        'Error: No such image: x',
      ],
    },
    {
      line: /Cannot connect to the Docker daemon|trying to connect to the Docker (?:daemon socket|API)|error during connect: /i,
      symptoms: ['engine-unreachable'],
      precision: 'exact',
      examples: [
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
        'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
        'error during connect: Get "http://%2Fvar%2Frun%2Fdocker.sock/_ping": EOF',
      ],
    },
    {
      line: /unknown or invalid runtime name|fork\/exec \S*\/(?:runc|crun): no such file|exec: "(?:runc|crun|containerd-shim-runc-v2)": executable file not found/i,
      symptoms: ['engine-unreachable'],
      precision: 'exact',
      examples: [
        'docker: Error response from daemon: unknown or invalid runtime name: x.',
        'failed to create shim task: OCI runtime create failed: exec: "runc": executable file not found in $PATH: unknown',
      ],
    },
    {
      line: /^docker: |Error response from daemon: |^See 'docker run --help'/,
      symptoms: [],
      precision: 'vague',
      examples: ['docker: Error response from daemon: something else.'],
    },
    {
      line: /returned a non-zero code: 132\b/,
      symptoms: ['illegal-instruction', 'guest-crash'],
      examples: ["The command '/bin/sh -c npm install' returned a non-zero code: 132"],
    },
    {
      line: /returned a non-zero code: 13[49]\b/,
      symptoms: ['guest-crash'],
      examples: ["The command '/bin/sh -c npm install' returned a non-zero code: 139"],
    },
    {
      line: /returned a non-zero code: 137\b/,
      symptoms: ['out-of-memory'],
      examples: ["The command '/bin/sh -c npm install' returned a non-zero code: 137"],
    },
  ],
};
