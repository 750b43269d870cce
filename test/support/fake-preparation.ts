import { readFileSync } from 'node:fs';
import type { Host } from '../../src/host/host.ts';
import type { Emulated } from '../../src/private-table/index.ts';
import { suiteGuest, type PrepareOptions } from '../../src/tool-tree/index.ts';
import type { MakeSet } from '../../src/tool-tree/make-set.ts';
import type { SelfTestInput, SelfTestResult } from '../../src/tool-tree/self-test/index.ts';
import { fakeTools } from './tool-archive.ts';

/** Sets of the programs as they are. */
export const copyPrograms: MakeSet = async (_, { programs }, sink) => {
  for (const { path, file } of programs) await sink({ path, content: readFileSync(file), executable: true });
  return [];
};

/** Tests that all give the same. */
export function passAll(_: Host, { tools }: SelfTestInput): Promise<readonly SelfTestResult[]> {
  return Promise.resolve(
    tools.map(({ tool }) => ({ name: tool.name, outcome: 'same', emulatedMs: 20, nativeMs: 2 })),
  );
}

/** For the newest tools of trixie on arm64, from a mirror of `tool-archive.ts`. */
export function fakePreparation(
  home: string,
  mirror: { readonly url: string; readonly keyring: Uint8Array },
  options: Partial<PrepareOptions> = {},
): PrepareOptions {
  return {
    state: home,
    guest: suiteGuest('trixie', 'arm64'),
    version: '1.2.3',
    mirror: mirror.url,
    keyrings: [mirror.keyring],
    retryMs: 1,
    emulated: () => Promise.resolve({} as Emulated),
    ...options,
    parts: { tools: fakeTools, makeSet: copyPrograms, selfTest: passAll, ...options.parts },
  };
}
