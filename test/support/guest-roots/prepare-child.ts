/** A process that prepares tools: `node --import … prepare-child.ts STATE ROOT EMULATOR`. */
import { findArchitecture } from '../../../src/core/architecture.ts';
import { nodeHost } from '../../../src/host/node/node-host.ts';
import { prepareTools, rootGuest } from '../../../src/tool-tree/index.ts';
import { preparedTools } from './prepared-tools.ts';

const [state = '', root = '', path = ''] = process.argv.slice(2);
const host = nodeHost({ system: { environment: { ...process.env, ANYARCH_HOME: state } } });
const { sets } = await prepareTools(host, {
  state,
  guest: rootGuest(host.files, root, 'the root of the tests'),
  version: '0.0.0',
  parts: { tools: preparedTools },
  emulated: () =>
    Promise.resolve({ architecture: findArchitecture('arm64'), emulator: { path, preservesArgv0: true } }),
});
for (const { name, reason } of sets.flatMap(({ leftOut }) => leftOut))
  console.log(`left out: ${name}: ${reason}`);
process.exit(0);
