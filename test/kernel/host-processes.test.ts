import { beforeAll, expect, it } from 'vitest';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { describeProcesses } from '../contract/processes.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const { processes, executor, files } = nodeHost();
let directory: string;

beforeAll(() => {
  directory = temporaryDirectory('processes');
});

describeProcesses('Node', () => ({ processes, executor, files, directory }));

it('Processes on Node hand what the kernel refuses to a shell', () => {
  const text = `${directory}/text`;
  files.writeAtomic(text, new TextEncoder().encode('exit 9\n'), 0o755);
  expect(processes.run([text])).toMatchObject({ exitCode: 9 });
});
