import type { Advisory } from '../advisory.ts';

export const nodeAdvisories: readonly Advisory[] = [
  {
    id: 'node-arm-mremap',
    title: 'Node.js 19 and later spins or hangs as a 32-bit arm guest',
    effect: 'hang',
    seen: '`npm install` or `node -h` never ends; with -strace an endless row of `mremap(…) = -1 errno=12`',
    says: [/mremap\(.*errno=12/],
    applies: {
      emulator: [{ from: '7.0' }],
      guests: ['arm'],
      runtimes: [{ name: 'node', versions: [{ from: '19' }] }],
    },
    workarounds: [
      { does: 'use Node.js 18, the last one that was seen to work' },
      { does: 'install the packages on the host, and copy node_modules where nothing is compiled' },
    ],
    confidence: 'reported',
    references: [
      'https://github.com/nodejs/node/issues/53489',
      'https://github.com/nodejs/docker-node/issues/1798',
      'https://github.com/nodejs/docker-node/issues/1946',
    ],
  },
  {
    id: 'node-s390x-spin',
    title: 'npm spins at 100 % of a processor as an s390x guest',
    effect: 'hang',
    seen: '`npm install` never ends; with -strace an endless row of `recvfrom`',
    applies: {
      emulator: [{ from: '6.2', below: '8.1' }],
      guests: ['s390x'],
      runtimes: [{ name: 'node' }],
    },
    workarounds: [
      { does: 'install the packages on the host, and copy node_modules where nothing is compiled' },
    ],
    confidence: 'reported',
    references: [
      'https://github.com/nodejs/docker-node/issues/1973',
      'https://github.com/nodejs/node/issues/50339',
    ],
  },
];
