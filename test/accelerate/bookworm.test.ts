import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findArchitecture } from '../../src/core/architecture.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { prepareTools, suiteGuest } from '../../src/tool-tree/index.ts';
import { tools } from '../../src/tool-tree/groups/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { interposedEmulator } from '../support/guest-roots/interposed-emulator.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** bzip2 is a hard link there, and lies outside of /usr as gzip does. dpkg installs packages in its test; comparing many versions is left out. */
const chosen = tools
  .filter(({ name }) => ['gzip', 'bzip2', 'dpkg'].includes(name))
  .map((tool) =>
    tool.name === 'dpkg' ? { ...tool, selfTest: tool.selfTest?.filter((_, i) => i !== 1) ?? [] } : tool,
  );

describeWith([needs.root, needs.qemu, needs.apt], 'a guest of Debian 12', () => {
  it('gets native tools that pass their tests', { timeout: 300_000 }, async () => {
    const state = temporaryDirectory('state');
    const host = nodeHost({ system: { environment: { ...process.env, ANYARCH_HOME: state } } });
    const emulator = { path: interposedEmulator(temporaryDirectory('emulator')), preservesArgv0: true };
    const { sets } = await prepareTools(host, {
      state,
      guest: suiteGuest('bookworm', 'arm64'),
      version: '0.0.0',
      parts: { tools: chosen },
      emulated: () => Promise.resolve({ architecture: findArchitecture('arm64'), emulator }),
    });
    const made = new Map(sets.map((one) => [one.group, one]));
    expect(made.get('archive')).toMatchObject({ outcome: 'made', leftOut: [] });
    expect(made.get('archive')?.tools.map(({ name }) => name)).toEqual(['gzip', 'bzip2']);
    expect(made.get('debian')).toMatchObject({ outcome: 'made', leftOut: [], tools: [{ name: 'dpkg' }] });

    // Its loader is glibc 2.36's: as long as the host's, and without any file of the guest's.
    const loader = readFileSync(join(state, 'tool-tree', made.get('archive')?.set ?? '-', 'ld'), 'latin1');
    expect(loader).toContain('stable release version 2.36');
    expect(loader).not.toContain('\0/etc/');
    expect(readdirSync(join(state, 'tool-tree/r'))).toHaveLength(3);
  });
});
