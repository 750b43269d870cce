import { beforeEach, describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { disableAcceleration } from './disable.ts';
import { enableAcceleration } from './enable.ts';
import type { AccelerateEngineName } from './engine-names.ts';
import { accelerationStatus } from './status.ts';
import { accelerationVolume, treeBind } from './tree.ts';

const build = '/package/build';

interface Caller {
  readonly name: string;
  readonly uid: number;
  readonly state: string;
  readonly configuration: string;
  readonly programs: string;
  readonly units: string;
}

const root: Caller = {
  name: 'root',
  uid: 0,
  state: '/var/lib/anyarch',
  configuration: '/etc/containers/containers.conf.d',
  programs: '/usr/local/lib/anyarch/accelerate',
  units: '/etc/systemd/system',
};
const ann: Caller = {
  name: 'a user',
  uid: 1000,
  state: '/home/ann/.local/share/anyarch',
  configuration: '/home/ann/.config/containers/containers.conf.d',
  programs: '/home/ann/.local/share/anyarch/accelerate',
  units: '/home/ann/.config/systemd/user',
};

let host: FakeHost;

function machine({ uid }: Caller): FakeHost {
  const made = fakeHost({
    system: {
      uid,
      gid: uid,
      machine: 'x86_64',
      environment: { HOME: '/home/ann', PATH: '/usr/sbin:/usr/bin' },
    },
  });
  for (const program of ['podman', 'buildah', 'dockerd', 'dockerd-rootless.sh', 'runc', 'crun'])
    made.addProgram(`/usr/bin/${program}`);
  made.processes.on([], { stdout: 'version 4.3.1\n' });
  made.files.addFile(`${build}/runtime/linux-amd64/stand-in`, standIn());
  for (const path of ['', '/.config', '/.config/systemd', '/.config/systemd/user'])
    made.files.addDirectory(`/home/ann${path}`, { uid, gid: uid });
  made.files.addDirectory('/proc');
  return made;
}

function standIn(): Uint8Array {
  const bytes = new Uint8Array(9000);
  bytes.set(encodeUtf8('anyarch-runtime-settings 1\n'), 100);
  return bytes;
}

const options = ({ state }: Caller, engines: readonly AccelerateEngineName[] | 'found' = 'found') => ({
  engines,
  state,
  build,
  dryRun: false,
  force: false,
});

const textAt = (path: string): string => decodeUtf8(host.files.read(path));

describe.each([root, ann])('for $name', (caller) => {
  beforeEach(() => {
    host = machine(caller);
  });

  it('podman and buildah find a program of ours before each runtime, which becomes that', () => {
    const report = enableAcceleration(host, options(caller, ['podman', 'buildah']));
    expect(report).toMatchObject({
      outcome: 'ok',
      engines: [{ outcome: 'enabled' }, { outcome: 'enabled' }],
    });
    for (const engine of ['podman', 'buildah']) {
      const text = textAt(`${caller.configuration}/zzz-anyarch-accelerate-${engine}.conf`);
      for (const runtime of ['crun', 'runc']) {
        const path = `${caller.programs}/${engine}/runtimes/${runtime}`;
        expect(text).toMatch(new RegExp(`^${runtime} = \\[ "${path}", .*"/usr/bin/${runtime}"`, 'm'));
        expect(host.files.isExecutable(path)).toBe(true);
        expect(textAt(path)).toContain(`\ntree ${caller.state}/tool-tree\n`);
        expect(textAt(path)).toContain(`\nruntime /usr/bin/${runtime}\n`);
      }
    }
  });

  it('whichever of "rootless" and this comes first, the shim of "rootless" is started behind ours, if there is one', () => {
    enableAcceleration(host, options(caller, ['podman']));
    const text = textAt(`${caller.programs}/podman/runtimes/runc`);
    expect(text.includes(`runtime ${caller.state}/rootless/podman/runtimes/runc\n`)).toBe(caller.uid !== 0);
  });

  it('all is as it was after disabling, also without a record', () => {
    const before = listing();
    for (const isLost of [false, true]) {
      enableAcceleration(host, options(caller));
      expect(accelerationStatus(host, options(caller)).engines.map(({ enabled }) => enabled)).toEqual([
        true,
        true,
        true,
      ]);
      if (isLost) host.files.remove(`${caller.state}/installed.json`);
      expect(disableAcceleration(host, options(caller))).toMatchObject({ outcome: 'ok' });
      expect(disableAcceleration(host, options(caller)).engines).toEqual([]);
      expect(listing()).toEqual(before);
    }
  });

  it('changes nothing in a dry run', () => {
    const before = listing();
    const report = enableAcceleration(host, { ...options(caller), dryRun: true });
    expect(report.engines.flatMap(({ files }) => files.map(({ kind }) => kind))).toContain('create');
    expect(listing()).toEqual(before);
  });

  it('takes everything back where a program of ours does not become the runtime', () => {
    host.processes.on([`${caller.programs}/podman/runtimes/runc`], { exitCode: 126, stderr: 'no' });
    const report = enableAcceleration(host, options(caller, ['podman']));
    expect(report).toMatchObject({
      outcome: 'failed',
      engines: [{ error: { code: 'ANYARCH_ENGINE_FAILED' } }],
    });
    expect(host.files.status(`${caller.configuration}/zzz-anyarch-accelerate-podman.conf`)).toBeUndefined();
    expect(host.files.status(`${caller.programs}/podman/runtimes/runc`)).toBeUndefined();
  });

  it("docker's services get a directory of ours first in PATH, where they are installed", () => {
    enableAcceleration(host, options(caller, ['docker']));
    expect(host.files.status(`${caller.units}/docker.service.d`)).toBeUndefined();
    const installed = caller.uid === 0 ? '/usr/lib/systemd/system' : caller.units;
    host.files.addFile(`${installed}/docker.service`, '', { uid: caller.uid, gid: caller.uid });
    enableAcceleration(host, options(caller, ['docker']));
    const dropIn = textAt(`${caller.units}/docker.service.d/zz-anyarch-accelerate.conf`);
    expect(dropIn).toContain('EnvironmentFile=-%t/anyarch/accelerate-docker.env\n');
    expect(dropIn).toContain(`ExecStartPre=-/bin/sh ${caller.programs}/docker/service-path write `);
    expect(textAt(`${caller.programs}/docker/bin/runc`)).toContain('\nruntime runc\nruntime /usr/bin/runc\n');
  });

  it('a daemon that runs keeps its runc until it has been restarted, which then mounts nothing', () => {
    enableAcceleration(host, options(caller, ['docker']));
    const directory = `${caller.programs}/docker/bin`;
    addDaemon(caller, '/usr/bin');
    expect(accelerationStatus(host, options(caller, ['docker']))).toMatchObject({
      outcome: 'partial',
      engines: [{ live: { state: 'restart', processes: [30] } }],
    });
    addDaemon(caller, `${directory}:/usr/bin`);
    expect(accelerationStatus(host, options(caller, ['docker'])).engines[0]?.live?.state).toBe('accelerated');
    const report = disableAcceleration(host, options(caller, ['docker']));
    expect(report).toMatchObject({ outcome: 'partial', engines: [{ outcome: 'waiting' }] });
    expect(textAt(`${directory}/runc`)).toContain('\ntree /nonexistent\n');
    expect(accelerationStatus(host, options(caller, ['docker'])).engines[0]).toMatchObject({
      enabled: false,
      warnings: [expect.stringContaining('until then')],
    });
    addDaemon(caller, '/usr/bin');
    expect(disableAcceleration(host, options(caller, ['docker']))).toMatchObject({ outcome: 'ok' });
    expect(host.files.status(`${directory}/runc`)).toBeUndefined();
  });

  it('leaves alone what somebody else made at a place of ours', () => {
    host.files.addFile(`${caller.configuration}/zzz-anyarch-accelerate-podman.conf`, '[engine]\n', {
      uid: caller.uid,
      gid: caller.uid,
    });
    expect(enableAcceleration(host, options(caller, ['podman']))).toMatchObject({
      outcome: 'failed',
      engines: [{ error: { code: 'ANYARCH_FILE_OF_OTHERS' } }],
    });
  });

  it('tells of a later file that hides ours', () => {
    enableAcceleration(host, options(caller, ['podman']));
    host.files.addFile(`${caller.configuration}/zzzz.conf`, '[engine.runtimes]\nrunc = ["/usr/bin/runc"]\n');
    const [engine] = accelerationStatus(host, options(caller, ['podman'])).engines;
    expect(engine?.warnings).toEqual([expect.stringContaining('the runtime runc is used without ours')]);
  });
});

describe('the tree for a guest', () => {
  beforeEach(() => {
    host = machine(root);
  });

  it('is there once it has recipes', () => {
    expect(treeBind(host)).toBeUndefined();
    host.files.addDirectory('/var/lib/anyarch/tool-tree/r');
    expect(treeBind(host)).toEqual({
      source: '/var/lib/anyarch/tool-tree',
      target: '/dev/.anyarch',
      readOnly: true,
      kind: 'directory',
      optional: true,
      isPowerless: true,
    });
    expect(accelerationVolume(host)).toMatchObject({
      source: '/var/lib/anyarch/tool-tree',
      target: '/dev/.anyarch',
    });
  });

  it('is not where the environment says so', () => {
    host.files.addDirectory('/var/lib/anyarch/tool-tree/r');
    const off = { ...host, system: { ...host.system, environment: { ANYARCH_ACCELERATE: '0' } } };
    expect(treeBind(off)).toBeUndefined();
    expect(accelerationVolume(off)).toBeUndefined();
  });
});

/** Every file but those of the kernel. */
function listing(directory = ''): string[] {
  return host.files
    .list(directory === '' ? '/' : directory)
    .map((name) => `${directory}/${name}`)
    .flatMap((path) => (host.files.linkStatus(path)?.kind === 'directory' ? listing(path) : [path]))
    .filter((path) => !path.startsWith('/proc/'))
    .sort();
}

function addDaemon({ uid }: Caller, path: string): void {
  host.files.addDirectory('/proc/30', { uid, gid: uid });
  host.files.addFile('/proc/30/cmdline', '/usr/bin/dockerd\0');
  host.files.addFile('/proc/30/environ', `A=1\0PATH=${path}\0`);
}
