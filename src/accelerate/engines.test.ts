import { beforeEach, describe, expect, it } from 'vitest';
import { findArchitecture } from '../core/architecture.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Emulator } from '../emulators/index.ts';
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
  // Rootless docker has been used.
  const docker = '/.local/share/docker';
  for (const path of [
    '',
    '/.config',
    '/.config/systemd',
    '/.config/systemd/user',
    '/.local',
    '/.local/share',
    docker,
  ])
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

  it('keeps the programs as long as a drop-in that somebody changed names them', () => {
    enableAcceleration(host, options(caller, ['podman']));
    const dropIn = `${caller.configuration}/zzz-anyarch-accelerate-podman.conf`;
    host.files.addFile(dropIn, `${textAt(dropIn)}# mine\n`, { uid: caller.uid, gid: caller.uid });
    expect(disableAcceleration(host, options(caller))).toMatchObject({
      engines: [{ outcome: 'failed', error: { code: 'ANYARCH_FILE_CHANGED' } }],
    });
    expect(host.files.isExecutable(`${caller.programs}/podman/runtimes/runc`)).toBe(true);
    expect(disableAcceleration(host, { ...options(caller), force: true })).toMatchObject({ outcome: 'ok' });
    expect(host.files.status(`${caller.programs}/podman/runtimes/runc`)).toBeUndefined();
  });

  it('tells of a changed drop-in with which the engine does not start', () => {
    enableAcceleration(host, options(caller, ['podman']));
    const dropIn = `${caller.configuration}/zzz-anyarch-accelerate-podman.conf`;
    host.files.addFile(dropIn, 'nonsense', { uid: caller.uid, gid: caller.uid });
    host.processes.on(['/usr/bin/podman', '--version'], { exitCode: 125, stderr: 'bad file' });
    const [engine] = enableAcceleration(host, options(caller, ['podman'])).engines;
    expect(engine?.error).toMatchObject({
      code: 'ANYARCH_ENGINE_FAILED',
      hint: expect.stringContaining(dropIn) as string,
    });
  });

  it('names those daemons that were started without it', () => {
    enableAcceleration(host, options(caller, ['docker']));
    addDaemon(caller, '/usr/bin');
    addDaemon(caller, `${caller.programs}/docker/bin:/usr/bin`, 31, 'containerd');
    expect(accelerationStatus(host, options(caller, ['docker'])).engines[0]?.live).toEqual({
      state: 'restart',
      processes: [30],
    });
  });

  it('says how to start daemons again that systemd has not started', () => {
    const installed = caller.uid === 0 ? '/usr/lib/systemd/system' : caller.units;
    host.files.addFile(`${installed}/docker.service`, '', { uid: caller.uid, gid: caller.uid });
    host.files.addDirectory('/run/systemd/system');
    addDaemon(caller, '/usr/bin');
    enableAcceleration(host, options(caller, ['docker']));
    const warnings = () => accelerationStatus(host, options(caller, ['docker'])).engines[0]?.warnings;
    host.files.addFile('/proc/30/cgroup', '0::/user.slice/session-1.scope\n');
    expect(warnings()).toEqual([expect.stringContaining('next: start dockerd')]);
    host.files.addFile('/proc/30/cgroup', '0::/system.slice/docker.service\n');
    expect(warnings()).toEqual([expect.stringContaining('restart docker.service')]);
  });

  it('tells of a later file that hides ours', () => {
    enableAcceleration(host, options(caller, ['podman']));
    host.files.addFile(`${caller.configuration}/zzzz.conf`, '[engine.runtimes]\nrunc = ["/usr/bin/runc"]\n');
    const [engine] = accelerationStatus(host, options(caller, ['podman'])).engines;
    expect(engine?.warnings).toEqual([expect.stringContaining('the runtime runc is used without ours')]);
  });
});

it("leaves out a user's docker that is installed and not set up", () => {
  host = machine(ann);
  host.files.removeDirectory('/home/ann/.local/share/docker');
  const { engines } = enableAcceleration(host, options(ann));
  expect(engines.map(({ engine }) => engine)).toEqual(['podman', 'buildah']);
  expect(enableAcceleration(host, options(ann, ['docker'])).outcome).toBe('ok');
});

describe('the tree for a guest', () => {
  const state = '/var/lib/anyarch';
  const arm64 = findArchitecture('arm64');
  const emulator: Emulator = {
    target: 'aarch64',
    path: '/qemu-aarch64',
    version: '11.1.3',
    linkage: 'static',
    origin: 'store',
    preservesArgv0: true,
    interposed: { originalSha256: '', interposerSha256: '', arguments: [] },
  };
  const pairing = `${state}/tool-sets/pairings/0123456789abcdef.json`;
  const prepareFor = (debian: string): void => {
    const document = { set: 'abcdef', group: 'base', guest: { name: '"debian": "armhf"', debian } };
    host.files.addFile(pairing, JSON.stringify(document, undefined, 1));
  };

  beforeEach(() => {
    host = machine(root);
    host.files.addDirectory(`${state}/tool-tree/abcdef`);
    host.files.addFile(`${state}/tool-tree/r/00`, '');
    prepareFor('arm64');
  });

  it('is there where something is prepared for it', () => {
    expect(treeBind(host, arm64, emulator)).toEqual({
      source: `${state}/tool-tree`,
      target: '/dev/.anyarch',
      readOnly: true,
      kind: 'directory',
      optional: true,
      isPowerless: true,
    });
    expect(accelerationVolume(host)).toMatchObject({
      source: `${state}/tool-tree`,
      target: '/dev/.anyarch',
    });
  });

  it('is not with a plain emulator, for another architecture, without its set, without recipes', () => {
    expect(treeBind(host, arm64, { ...emulator, interposed: undefined })).toBeUndefined();
    expect(treeBind(host, findArchitecture('armhf'), emulator)).toBeUndefined();
    host.files.remove(`${state}/tool-tree/r/00`);
    expect(treeBind(host, arm64, emulator)).toBeUndefined();
    expect(accelerationVolume(host)).toBeUndefined();
    host.files.addFile(`${state}/tool-tree/r/00`, '');
    host.files.removeDirectory(`${state}/tool-tree/abcdef`);
    expect(treeBind(host, arm64, emulator)).toBeUndefined();
    host.files.addDirectory(`${state}/tool-tree/abcdef`);
    host.files.addFile(pairing, '{');
    expect(treeBind(host, arm64, emulator)).toBeUndefined();
  });

  it('is not where the environment says so', () => {
    const off = { ...host, system: { ...host.system, environment: { ANYARCH_ACCELERATE: '0' } } };
    expect(treeBind(off, arm64, emulator)).toBeUndefined();
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

function addDaemon({ uid }: Caller, path: string, pid = 30, name = 'dockerd'): void {
  host.files.addDirectory(`/proc/${pid}`, { uid, gid: uid });
  host.files.addFile(`/proc/${pid}/cmdline`, `/usr/bin/${name}\0`);
  host.files.addFile(`/proc/${pid}/environ`, `A=1\0PATH=${path}\0`);
}
