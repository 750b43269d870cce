import { beforeEach, describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../core/text.ts';
import { fakeHost, type FakeHost } from '../../host/testing/fake-host.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import type { EngineContext } from '../engine.ts';
import { readConfiguration } from './configuration.ts';
import { dropIn } from './drop-in.ts';
import { environmentWarnings } from './environment-warnings.ts';
import { dropInWarnings } from './in-effect.ts';

const user = '/home/ann/.config/containers';
const state = '/home/ann/.local/share/anyarch';
const hooks = `${state}/rootless/podman/hooks.d`;
const builtIn = '/usr/share/containers/oci/hooks.d';
const shim = `${state}/rootless/podman/runtimes/runc`;

let host: FakeHost;
beforeEach(() => {
  host = fakeHost({ system: { uid: 1000, environment: { HOME: '/home/ann', PATH: '/usr/bin' } } });
  host.addProgram('/usr/sbin/runc');
});

function context(of = host): EngineContext {
  const wanted = { schema: 1, architectures: [], at: '', by: '' } as const;
  return { host: of, state, wanted, program: `${state}/rootless/anyarch`, command: ['/node', '/start'] };
}

function install(files: readonly WantedFile[], of = host): void {
  for (const { path, content, mode = 0o644 } of files) {
    if (typeof content !== 'string') throw new Error(`${path} is no text`);
    of.files.addFile(path, content, { mode });
  }
}

function withEnvironment(environment: Readonly<Record<string, string>>): FakeHost {
  return { ...host, system: { ...host.system, environment: { ...host.system.environment, ...environment } } };
}

describe('what podman and buildah are told', () => {
  test('the last file counts, list by list and runtime by runtime', () => {
    host.files.addFile('/usr/share/containers/containers.conf', '[engine]\nhooks_dir = ["/usr/hooks"]\n');
    host.files.addFile(
      '/etc/containers/containers.conf',
      '[engine.runtimes]\ncrun = ["/a"]\nrunc = ["/b"]\n',
    );
    host.files.addFile('/etc/containers/containers.conf.d/9.conf', '[engine]\nruntime = "crun"\n');
    host.files.addFile(`${user}/containers.conf`, '[engine]\nhooks_dir = ["/own"]\n');
    host.files.addFile(`${user}/containers.conf.d/b.conf`, '[engine.runtimes]\nrunc = ["/c"]\n');
    host.files.addFile(`${user}/containers.conf.d/a.conf`, '[engine.runtimes]\nrunc = ["/d"]\n');
    host.files.addFile(`${user}/containers.conf.d/z.txt`, 'no TOML');
    expect(readConfiguration(host)).toEqual({
      hooksDirectories: ['/own'],
      runtime: 'crun',
      runtimes: new Map([
        ['crun', ['/a']],
        ['runc', ['/c']],
      ]),
    });
  });

  test('lists grow where a file says so, from then on', () => {
    host.files.addFile('/etc/containers/containers.conf', '[engine]\nhooks_dir = ["/a"]\n');
    host.files.addFile(`${user}/containers.conf`, '[engine]\nhooks_dir = ["/b", {append = true}]\n');
    host.files.addFile(`${user}/containers.conf.d/1.conf`, '[engine]\nhooks_dir = ["/c"]\n');
    host.files.addFile(
      `${user}/containers.conf.d/2.conf`,
      '[engine]\nhooks_dir = ["/d", {append = false}]\n',
    );
    expect(readConfiguration(host, new Set([`${user}/containers.conf.d/2.conf`])).hooksDirectories).toEqual([
      '/a',
      '/b',
      '/c',
    ]);
    expect(readConfiguration(host).hooksDirectories).toEqual(['/d']);
  });

  test('the environment names other files', () => {
    host.files.addFile(`${user}/containers.conf`, '[engine]\nruntime = "crun"\n');
    host.files.addFile('/only.conf', '[engine]\nruntime = "runc"\n');
    host.files.addFile('/xdg/containers/containers.conf', '[engine]\nruntime = "youki"\n');
    const runtime = (environment: Record<string, string>) =>
      readConfiguration(withEnvironment(environment)).runtime;
    expect(runtime({})).toBe('crun');
    expect(runtime({ CONTAINERS_CONF: '/only.conf' })).toBe('runc');
    expect(runtime({ CONTAINERS_CONF_OVERRIDE: '/only.conf' })).toBe('runc');
    expect(runtime({ XDG_CONFIG_HOME: '/xdg' })).toBe('youki');
  });

  test.each(['[engine', '[engine]\nhooks_dir = 1 2\n', 'a = "\u0000"'])(
    'a damaged file has a name: %j',
    (text) => {
      host.files.addFile(`${user}/containers.conf`, text);
      expect(() => readConfiguration(host)).toThrowWithCode('ANYARCH_FILE');
      expect(() => readConfiguration(host)).toThrow(`${user}/containers.conf, line`);
    },
  );

  test('settings of another kind than expected are none', () => {
    host.files.addFile(`${user}/containers.conf`, 'engine = 1\n');
    host.files.addFile(
      `${user}/containers.conf.d/1.conf`,
      '[engine]\nhooks_dir = "x"\nruntime = 3\nruntimes = 4\n',
    );
    expect(readConfiguration(host)).toEqual({
      hooksDirectories: [builtIn],
      runtime: undefined,
      runtimes: new Map(),
    });
  });
});

describe('our drop-in', () => {
  test('keeps what others have configured, and stands before the runtimes that are installed', () => {
    host.files.addFile(`${user}/containers.conf`, '[engine]\nhooks_dir = ["/own"]\n');
    const files = dropIn(context(), 'podman', hooks);
    install(files);
    const told = readConfiguration(host);
    expect(told.hooksDirectories).toEqual(['/own', hooks]);
    expect([...told.runtimes.keys()]).toEqual(['runc']);
    expect(told.runtimes.get('runc')?.slice(0, 3)).toEqual([shim, '/usr/bin/runc', '/usr/sbin/runc']);
    expect(host.files.isExecutable(shim)).toBe(true);
    expect(decodeUtf8(host.files.read(shim))).toContain('for runtime in /usr/bin/runc /usr/sbin/runc');
    expect(dropInWarnings(context(), 'podman', hooks)).toEqual([]);
    expect(dropIn(context(), 'podman', hooks)).toEqual(files);
  });

  test('stands before a runtime where the user has it', () => {
    host.files.addFile(
      `${user}/containers.conf`,
      '[engine]\nruntime = "youki"\n[engine.runtimes]\nyouki = ["/opt/y"]\n',
    );
    host.addProgram('/opt/y');
    install(dropIn(context(), 'buildah'));
    const told = readConfiguration(host);
    expect(told.runtimes.get('youki')).toEqual([`${state}/rootless/buildah/runtimes/youki`, '/opt/y']);
    expect(told.hooksDirectories).toEqual([builtIn]);
  });

  test('keeps the hooks that run where nothing is configured, as an empty list does not', () => {
    install(dropIn(context(), 'podman', hooks));
    expect(readConfiguration(host).hooksDirectories).toEqual([builtIn, hooks]);
    host.files.addFile(`${user}/containers.conf`, '[engine]\nhooks_dir = ["/own", {append = true}]\n');
    expect(JSON.stringify(dropIn(context(), 'podman', hooks))).toContain(`\\"${builtIn}\\", \\"/own\\"`);
    host.files.addFile(`${user}/containers.conf`, '[engine]\nhooks_dir = []\n');
    install(dropIn(context(), 'podman', hooks));
    expect(readConfiguration(host).hooksDirectories).toEqual([hooks]);
  });

  test.each([
    ['the program that its name leads to', 'runtime = "/usr/sbin/runc"', 'runc'],
    ['a link to it', 'runtime = "/sbin/runc"', 'runc'],
    ['another program', 'runtime = "/opt/runc"', '/opt/runc'],
    ['one without a name', 'runtime = "/opt/youki"', '/opt/youki'],
    ['one that has a name', 'runtime = "/opt/youki"\n[engine.runtimes]\nyouki = ["/opt/youki"]', 'youki'],
  ])('stands before a runtime that is chosen by its path where that is %s', (_what, text, expected) => {
    host.files.addLink('/sbin', 'usr/sbin');
    for (const path of ['/opt/runc', '/opt/youki']) host.addProgram(path);
    host.files.addFile(`${user}/containers.conf`, `[engine]\n${text}\n`);
    for (const engine of ['podman', 'buildah'] as const) install(dropIn(context(), engine));
    const { runtime, runtimes } = readConfiguration(host);
    expect(runtime).toBe(expected);
    const isOurs = runtimes.get(expected)?.[0]?.startsWith(`${state}/rootless/`) === true;
    expect(isOurs).toBe(!expected.includes('/'));
    expect(dropInWarnings(context(), 'buildah').join('\n').includes('by its path')).toBe(!isOurs);
  });

  test('two of ours do not stand before each other', () => {
    install(dropIn(context(), 'podman', hooks));
    const files = dropIn(context(), 'buildah');
    expect(JSON.stringify(files)).not.toContain('/podman/');
  });

  test('quotes what a shell would take apart', () => {
    const odd = "/home/o'neil $(x)";
    const files = dropIn({ ...context(), state: odd, program: `${odd}/anyarch` }, 'buildah');
    const [script] = files.map(({ content }) => content);
    expect(script).toContain(
      String.raw`'/home/o'\''neil $(x)/anyarch' rootless ensure --state '/home/o'\''neil $(x)' --hook`,
    );
  });
});

describe('warns', () => {
  const warnings = (of = host) => dropInWarnings(context(of), 'podman', hooks).join('\n');

  beforeEach(() => {
    install(dropIn(context(), 'podman', hooks));
  });

  test.each([
    ['[engine]\nhooks_dir = []\n', 'hooks_dir is set by another file'],
    ['[engine.runtimes]\nrunc = ["/usr/sbin/runc"]\n', 'another file sets it to /usr/sbin/runc'],
    ['[engine]\nruntime = "/usr/sbin/runc"\n', 'by its path'],
    ['[engine\n', 'is not TOML'],
  ])('of a later file that says %j', (text, expected) => {
    expect(warnings()).toBe('');
    host.files.addFile(`${user}/containers.conf.d/zzz.conf`, text);
    expect(warnings()).toContain(expected);
  });

  test('of hooks that ours hide by now', () => {
    host.files.addFile(`${user}/containers.conf`, '[engine]\nhooks_dir = ["/new"]\n');
    expect(warnings()).toContain('/new by now');
  });

  test('of a runtime that has come since', () => {
    host.addProgram('/usr/bin/crun');
    expect(warnings()).toContain('the runtime crun is used without ours (it was not there');
  });

  test.each([
    [{}, /^$/, /^$/],
    [{ BUILDAH_ISOLATION: 'chroot' }, /anyarch run -- podman build/, /anyarch run -- buildah/],
    [{ BUILDAH_RUNTIME: '/usr/sbin/runc' }, /^$/, /set it to a name/],
    [{ BUILDAH_RUNTIME: 'runc' }, /^$/, /^$/],
    [{ CONTAINER_HOST: 'ssh://far' }, /CONTAINER_HOST is ssh:\/\/far/, /^$/],
    [{ CONTAINER_HOST: 'unix:///run/podman/podman.sock' }, /another service/, /^$/],
    [{ CONTAINER_HOST: 'unix:///home/ann/podman.sock' }, /^$/, /^$/],
    [{ CONTAINER_CONNECTION: 'far' }, /CONTAINER_CONNECTION is far/, /^$/],
  ])('of what the environment %j does', (environment, ofPodman, ofBuildah) => {
    host.files.addFile('/run/podman/podman.sock', '');
    host.files.addFile('/home/ann/podman.sock', '', { uid: 1000 });
    const told = (engine: 'podman' | 'buildah'): string =>
      environmentWarnings(withEnvironment(environment), engine).join();
    expect(told('podman')).toMatch(ofPodman);
    expect(told('buildah')).toMatch(ofBuildah);
  });

  test('of CONTAINERS_CONF', () => {
    expect(warnings(withEnvironment({ CONTAINERS_CONF: '/x' }))).toContain('CONTAINERS_CONF is set to /x');
  });
});
