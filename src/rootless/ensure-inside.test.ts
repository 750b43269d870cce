import { beforeEach, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../host/testing/fake-host.ts';
import { ensureInside } from './ensure-inside.ts';

const program = '/state/rootless/anyarch';
const command = [
  'podman',
  'unshare',
  program,
  'rootless',
  'ensure',
  '--state',
  '/state',
  '--probe',
  '--json',
];
const ensured = { table: 'made', architectures: [], copied: [], notCopied: [] };

let host: FakeHost;
beforeEach(() => {
  host = fakeHost();
  host.processes.on([program, '--version'], { stdout: '1.0.0\n' });
});

const ensure = () => ensureInside({ host, state: '/state', program }, 'podman', ['podman', 'unshare']);

it("finds the report behind the engine's complaints", () => {
  const complaint = 'Failed to read /home/ann/storage.conf {toml}: line 1\n';
  host.processes.on(command, { stdout: `${complaint}${JSON.stringify(ensured, undefined, 2)}\n` });
  expect(ensure()).toEqual(ensured);
});

it('quotes what the engine says, on whichever stream', () => {
  host.processes.on(command, { stdout: 'Failed to read storage.conf\n', stderr: 'and more\n', exitCode: 1 });
  expect(ensure).toThrow('podman unshare failed: Failed to read storage.conf; and more');
});

it('does not blame the engine for a program of ours that does not run', () => {
  host.processes.on(command, { stderr: 'exec format error\n', exitCode: 126 });
  host.processes.on([program, '--version'], { exitCode: 126 });
  expect(ensure).toThrow(`in podman's namespace: ${program} does not run`);
});
