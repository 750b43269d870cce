import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import type { EngineContext } from '../engine.ts';
import { apptainer } from './apptainer.ts';

const own = '/home/me/.local/bin';

describe('apptainer', () => {
  it('gets a shim for each of its names that there is', () => {
    const host = user(`${own}:/usr/bin`);
    expect(apptainer.files(context(host)).map(({ path }) => path)).toEqual([`${own}/apptainer`]);
    host.files.addFile('/usr/bin/singularity', '', { mode: 0o755 });
    const files = apptainer.files(context(host));
    expect(files.map(({ path }) => path)).toEqual([`${own}/apptainer`, `${own}/singularity`]);
    expect(files[1]?.content).toContain('\nreal=/usr/bin/singularity\n');
    expect(files[1]?.content).toContain('exec /node /bin/anyarch run --keep-id -- "$real" "$@"');
    host.processes.on(['unshare', '--help'], { stdout: ' --map-user=<uid>|<name>\n' });
    const [shim] = apptainer.files(context(host));
    expect(shim?.content).toContain('exec unshare --user --map-root-user --mount --propagation slave sh -c ');
    expect(shim?.content).toContain('exec unshare --user --map-user=1000 --map-group=1000 -- "$@"');
  });

  it('has no place for one behind the real program', () => {
    expect(() => apptainer.files(context(user(`/usr/bin:${own}`)))).toThrowWithCode('ANYARCH_PATH_ORDER');
  });

  it('tells what a command of it can run, and a shim that PATH does not lead to', async () => {
    const host = user(`${own}:/usr/bin`);
    host.processes.on(['/node', '/bin/anyarch', 'run', '--keep-id', '--', 'sh'], { stdout: '42\n126\n' });
    const [shim] = apptainer.files(context(host));
    host.files.addFile(`${own}/apptainer`, shim?.content as string, { mode: 0o755 });
    const status = {
      table: 'per-command',
      architectures: [
        { architecture: 'aarch64', works: true },
        { architecture: 's390x', works: false },
      ],
    };
    expect(await apptainer.status(context(host))).toEqual({ ...status, warnings: [] });
    const late: FakeHost = {
      ...host,
      system: { ...host.system, environment: { PATH: '/usr/bin', HOME: '/home/me' } },
    };
    expect(await apptainer.status(context(late))).toEqual({
      ...status,
      warnings: [expect.stringContaining('PATH leads to /usr/bin/apptainer')],
    });
  });
});

function user(path: string): FakeHost {
  const host = fakeHost({ system: { uid: 1000, gid: 1000, environment: { HOME: '/home/me', PATH: path } } });
  host.files.addDirectory(own, { uid: 1000 });
  host.files.addDirectory('/state', { uid: 1000, gid: 1000 });
  host.files.addFile('/usr/bin/apptainer', '', { mode: 0o755 });
  return host;
}

function context(host: FakeHost): EngineContext {
  const emulator = { path: '/q', version: '11.1', sha256: '0' };
  const architectures = ['aarch64', 's390x'].map((architecture) => ({
    architecture,
    name: `qemu-${architecture}`,
    rule: ':',
    emulator,
  }));
  const wanted = { schema: 1, architectures, at: '', by: '' } as const;
  return {
    host,
    state: '/state',
    program: '/state/rootless/anyarch',
    wanted,
    command: ['/node', '/bin/anyarch'],
  };
}
