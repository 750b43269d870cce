import { describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { requireEmulator } from '../../emulators/index.ts';
import { register } from '../../registration/index.ts';
import { watchedHost } from '../testing/watched-host.ts';
import { outOfReach } from './out-of-reach.ts';
import { disableService, enableService, serviceStatus, type EnableOptions } from './manage.ts';

const state = '/var/lib/anyarch';
const unit = '/etc/systemd/system/anyarch-watch.service';
const program = '/usr/local/lib/anyarch/bin/anyarch';

/** @param marks what tells which init there is */
function machine(...marks: readonly string[]): FakeHost {
  const host = fakeHost();
  host.files.addFile('/package/anyarch', 'program', { mode: 0o755 });
  for (const mark of marks) host.files.addDirectory(mark);
  host.files.addDirectory('/etc');
  return host;
}

const enable = (host: FakeHost, options: Partial<EnableOptions> = {}) =>
  enableService(host, {
    state,
    words: [],
    metricsFile: undefined,
    program: { path: '/package/anyarch', sha256: host.files.sha256('/package/anyarch') },
    ...options,
  });
const text = (host: FakeHost, path: string) => new TextDecoder().decode(host.files.read(path));

describe('the service of the watch', () => {
  it('is installed, started where systemd is at work, and removed without a trace', () => {
    const host = machine('/run/systemd/system');
    const commands: string[] = [];
    host.processes.run = (command) => {
      commands.push(command.join(' '));
      return {
        command,
        exitCode: 0,
        signal: undefined,
        startError: undefined,
        timedOut: false,
        stdout: '',
        stderr: '',
        durationMs: 1,
      };
    };
    expect(enable(host).files.map(({ kind }) => kind)).toEqual(['create', 'create', 'create']);
    expect(text(host, program)).toBe('program');
    expect(host.files.status(program)?.mode).toBe(0o755);
    expect(host.files.readLink('/etc/systemd/system/multi-user.target.wants/anyarch-watch.service')).toBe(
      unit,
    );
    expect(commands).toEqual(['systemctl daemon-reload', 'systemctl restart anyarch-watch.service']);
    expect(enable(host).files.map(({ kind }) => kind)).toEqual(['keep', 'keep', 'keep']);

    commands.length = 0;
    disableService(host, { state });
    expect(commands).toEqual(['systemctl stop anyarch-watch.service', 'systemctl daemon-reload']);
    expect(serviceStatus(host, state)).toEqual({ files: [], pid: undefined });
    expect([program, unit, '/etc/systemd', '/usr/local'].map((path) => host.files.status(path))).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
    commands.length = 0;
    expect(disableService(host, { state }).files).toEqual([]);
    expect(commands).toEqual([]);
  });

  it('passes on its options as systemd reads them', () => {
    const host = machine('/usr/lib/systemd/systemd');
    enable(host, {
      words: ['--metrics-file', '/srv/a b/100%$x".prom'],
      metricsFile: '/srv/a b/100%$x".prom',
    });
    expect(text(host, unit)).toContain(
      `ExecStart=${program} watch --metrics-file "/srv/a b/100%%$$x\\".prom"\n`,
    );
    expect(text(host, unit)).toContain('ReadWritePaths="-/srv/a b"\n');
    expect(text(host, unit)).toContain('CapabilityBoundingSet=CAP_DAC_OVERRIDE\n');
  });

  it('is for the init that is at work, else for the one that is installed', () => {
    const openrc = machine('/run/openrc/softlevel', '/usr/lib/systemd/systemd');
    expect(enable(openrc).init).toBe('openrc');
    expect(text(openrc, '/etc/init.d/anyarch-watch')).toContain('supervisor=supervise-daemon\n');
    const runit = machine('/etc/service');
    expect(enable(runit, { words: ['--interval', '2'] }).init).toBe('runit');
    expect(text(runit, '/etc/sv/anyarch-watch/run')).toContain(`exec ${program} watch --interval 2 2>&1\n`);
    expect(runit.files.readLink('/etc/service/anyarch-watch')).toBe('/etc/sv/anyarch-watch');
    expect(runit.files.linkStatus('/etc/sv/anyarch-watch/supervise')).toBeUndefined();
    const running = machine('/etc/service', '/run/runit');
    enable(running);
    expect(running.files.readLink('/etc/sv/anyarch-watch/supervise')).toBe(
      '/run/runit/supervise.anyarch-watch',
    );
    expect(() => enable(machine())).toThrowWithCode('ANYARCH_HOST_UNSUPPORTED');
  });

  it('watches with the state that it was enabled with', () => {
    const host = machine('/usr/lib/systemd/systemd');
    enable(host);
    expect(text(host, unit)).toContain('StateDirectory=anyarch\n');
    expect(text(host, unit)).not.toContain('ANYARCH_HOME');
    const other = machine('/usr/lib/systemd/systemd');
    enable(other, { state: '/srv/a b' });
    expect(text(other, unit)).toContain('Environment="ANYARCH_HOME=/srv/a b"\n');
    expect(text(other, unit)).toContain('ReadWritePaths="/srv/a b"\n');
    expect(text(other, unit)).not.toContain('StateDirectory');
    const runit = machine('/etc/service');
    enable(runit, { state: '/srv/a b' });
    expect(text(runit, '/etc/sv/anyarch-watch/run')).toContain("export ANYARCH_HOME='/srv/a b'\nexec ");
    const openrc = machine('/run/openrc/softlevel');
    enable(openrc, { state: '/srv/a b' });
    expect(text(openrc, '/etc/init.d/anyarch-watch')).toContain("\nexport ANYARCH_HOME='/srv/a b'\n");
  });

  it('knows which emulators it will not see', () => {
    const { host } = watchedHost();
    const at = (path: string) => {
      host.addProgram(path, 'aarch64 11.1.3');
      const report = register(host, {
        architectures: ['arm64'],
        state,
        choose: () => ({ ...requireEmulator(host, 'aarch64'), path }),
      });
      if (report.outcome !== 'ok') throw new Error(JSON.stringify(report));
      return outOfReach(host, state);
    };
    expect(at('/usr/bin/qemu-aarch64-static')).toEqual([]);
    expect(at('/tmp/qemu-aarch64')).toEqual(['/tmp/qemu-aarch64']);
    host.files.addDirectory('/root', { mode: 0o700 });
    expect(at('/root/qemu-aarch64')).toEqual([]);
    host.files.addDirectory('/home/me', { mode: 0o700, uid: 1000 });
    expect(at('/home/me/qemu-aarch64')).toEqual(['/home/me/qemu-aarch64']);
  });

  it('is not installed to write over a file of somebody else', () => {
    const host = machine('/usr/lib/systemd/systemd');
    host.files.addFile('/srv/precious', 'theirs');
    expect(() => enable(host, { metricsFile: '/srv/precious' })).toThrowWithCode('ANYARCH_FILE_OF_OTHERS');
    expect(host.files.status(unit)).toBeUndefined();
  });

  it('leaves a unit of somebody else alone', () => {
    const host = machine('/usr/lib/systemd/systemd');
    host.files.addFile(unit, 'theirs');
    expect(() => enable(host)).toThrowWithCode('ANYARCH_FILE_OF_OTHERS');
    expect(text(host, unit)).toBe('theirs');
    expect(host.files.status(program)).toBeUndefined();
    const [, refused] = enable(host, { dryRun: true }).files;
    expect(refused?.error?.code).toBe('ANYARCH_FILE_OF_OTHERS');
  });

  it('needs root', () => {
    const host = { ...machine('/usr/lib/systemd/systemd'), system: { ...fakeHost().system, uid: 1000 } };
    expect(() => enable(host)).toThrowWithCode('ANYARCH_PERMISSION');
    expect(() => disableService(host, { state })).toThrowWithCode('ANYARCH_PERMISSION');
  });
});
