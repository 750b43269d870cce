import { formatRule, type Rule } from '../../core/rule.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { escaped } from '../configuration.ts';
import { parseTemplate } from '../order/formats.ts';

export const state = '/var/lib/anyarch';

/** A machine that systemd 252 runs, as far as it is looked at, with emulators of its own. */
export function systemdHost(targets: readonly string[] = ['aarch64', 's390x']): FakeHost {
  const host = fakeHost();
  host.files.addDirectory('/run/systemd/system');
  host.files.addFile('/usr/lib/systemd/systemd', '');
  host.files.addFile('/usr/lib/systemd/systemd-binfmt', '', { mode: 0o755 });
  host.files.addFile(
    '/usr/lib/systemd/system/systemd-binfmt.service',
    '[Service]\nExecStart=/lib/systemd/systemd-binfmt\nExecStop=/lib/systemd/systemd-binfmt --unregister\n',
  );
  addSystem(host, targets);
  return host;
}

/** Nothing that starts things. */
export function bareHost(targets: readonly string[] = ['aarch64', 's390x']): FakeHost {
  const host = fakeHost();
  addSystem(host, targets);
  return host;
}

function addSystem(host: FakeHost, targets: readonly string[]): void {
  host.files.addFile('/proc/self/mountinfo', '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n');
  host.processes.on(['systemctl'], {});
  host.files.addDirectory('/etc');
  host.files.addDirectory('/usr/local/lib');
  for (const target of targets) installEmulator(host, target, '11.1.3');
}

/** In /usr/bin, in the place of an older one. */
export function installEmulator(host: FakeHost, target: string, version: string): void {
  const path = `/usr/bin/qemu-${target}`;
  host.addProgram(path, `${target} ${version}`);
  host.processes.on([path, '--version'], { stdout: `qemu-${target} version ${version}\n` });
}

/** Like systemd-binfmt at boot: the table is empty, then it has what the paths' files say, in that order. */
export function entriesOf(host: FakeHost): Map<string, string> {
  const table = host.binfmt.table();
  return new Map(table.list().map((name) => [name, table.read(name)]));
}

/** A machine that OpenRC runs. */
export function openrcHost(): FakeHost {
  const host = bareHost();
  host.files.addDirectory('/run/openrc');
  host.files.addFile('/run/openrc/softlevel', 'default');
  host.files.addFile('/sbin/openrc-run', '', { mode: 0o755 });
  return host;
}

/** A machine with binfmt-support beside systemd. */
export function debianHost(): FakeHost {
  const host = systemdHost();
  addBinfmtSupport(host);
  return host;
}

const formats = '/var/lib/binfmts';

/** As update-binfmts(8) treats formats with a magic. */
export function addBinfmtSupport(host: FakeHost): void {
  host.files.addFile('/usr/sbin/update-binfmts', '', { mode: 0o755 });
  host.files.addDirectory(formats);
  host.processes.on(['update-binfmts', '--package'], (command) => {
    const [, , owner = '', action, subject = ''] = command;
    const name = subject.slice(subject.lastIndexOf('/') + 1);
    if (host.binfmt.table().list().includes(name)) host.binfmt.table().control(name, '-1');
    if (action === '--remove') {
      host.files.remove(`${formats}/${name}`);
      return {};
    }
    const template = parseTemplate(name, decodeUtf8(host.files.read(subject)));
    if (template === undefined) return { exitCode: 2 };
    host.files.writeAtomic(`${formats}/${name}`, encodeUtf8(formatText(owner, template)));
    host.binfmt.table().register(formatRule(template, ':'));
    return {};
  });
}

/** A file of the database. */
export function formatText(owner: string, { offset, magic, mask, interpreter, flags }: Rule): string {
  const yes = (flag: boolean) => (flag ? 'yes' : '');
  return [
    ...[
      owner,
      'magic',
      `${offset}`,
      escaped(magic),
      mask === undefined ? '' : escaped(mask),
      interpreter,
      '',
    ],
    ...[yes(flags.credentials), yes(flags.preserveArgv0), yes(flags.fixBinary), ''],
  ].join('\n');
}
