import { describe, expect, it } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import type { FakeHost } from '../host/testing/index.ts';
import type { Condition, ConditionId } from './condition.ts';
import { privateTableConditions, requirePrivateTables } from './possible.ts';
import { remedies } from './remedies.ts';
import type { TableTrial } from './try-table.ts';

const made: TableTrial = { outcome: 'made' };
const refused = (at: 'namespace' | 'mapping' | 'table', errno: string): TableTrial => ({
  outcome: 'refused',
  at,
  errno,
});

/** A user's machine where everything is as it should be. */
function userHost(kernelRelease = '6.18.0'): FakeHost {
  const host = fakeHost({
    system: { uid: 1000, gid: 1000, kernelRelease, environment: { PATH: '/usr/bin' } },
  });
  for (const name of ['newuidmap', 'newgidmap']) {
    host.files.addFile(`/usr/bin/${name}`, 'program', { mode: 0o4755, uid: 0 });
  }
  for (const name of ['subuid', 'subgid']) host.files.addFile(`/etc/${name}`, 'me:100000:65536\n');
  host.files.addFile('/proc/self/gid_map', '         0          0 4294967295\n');
  host.processes.on(['id', '-un'], { stdout: 'me\n' });
  return host;
}

function condition(host: FakeHost, id: ConditionId, trial = made): Condition {
  return privateTableConditions(host, () => trial).find((one) => one.id === id)!;
}

function hintOf(action: () => void): string | undefined {
  try {
    action();
  } catch (error) {
    return (error as { hint?: string }).hint;
  }
  return undefined;
}

it('holds all of them where everything is as it should be', () => {
  const host = userHost();
  const conditions = privateTableConditions(host, () => made);
  expect(conditions.map(({ id, holds }) => [id, holds])).toEqual([
    ['user-namespaces', true],
    ['binfmt-misc', true],
    ['kernel', true],
    ['id-map-programs', true],
    ['subordinate-ids', true],
    ['mapped-ids', true],
    ['enough-ids', true],
  ]);
  expect(conditions.every(({ remedy }) => remedy === undefined)).toBe(true);
  requirePrivateTables(host, { subordinateIds: true }, () => made);
});

describe('without user namespaces', () => {
  const settings = '/proc/sys/kernel';
  it.each<[string, TableTrial, Readonly<Record<string, string>>, RegExp, string]>([
    [
      'Debian’s switch',
      refused('namespace', 'EPERM'),
      { [`${settings}/unprivileged_userns_clone`]: '0\n' },
      /kernel.unprivileged_userns_clone is 0/,
      remedies.userNamespacesDisabled,
    ],
    [
      'Ubuntu’s restriction, which lets one make them and gives no rights in them',
      refused('mapping', 'EPERM'),
      { [`${settings}/apparmor_restrict_unprivileged_userns`]: '1\n' },
      /has no rights.*apparmor_restrict_unprivileged_userns is 1/,
      remedies.apparmor,
    ],
    [
      'a limit of none',
      refused('namespace', 'ENOSPC'),
      { '/proc/sys/user/max_user_namespaces': '0\n' },
      /max_user_namespaces is 0/,
      remedies.noUserNamespacesLeft,
    ],
    [
      'a limit that is reached',
      refused('namespace', 'ENOSPC'),
      { '/proc/sys/user/max_user_namespaces': '7\n' },
      /the limit is reached, here \(user.max_user_namespaces is 7\)/,
      remedies.noUserNamespacesLeft,
    ],
    ['a kernel without', refused('namespace', 'EINVAL'), {}, /EINVAL/, remedies.kernelWithoutUserNamespaces],
    [
      'a container that filters',
      refused('namespace', 'EPERM'),
      { '/.dockerenv': '', '/proc/self/status': 'Name:\tnode\nSeccomp:\t2\n' },
      /a container \(\/.dockerenv\) with a filter/,
      remedies.container,
    ],
    [
      'a filter and no container',
      refused('namespace', 'EPERM'),
      { '/proc/self/status': 'Seccomp:\t2\n' },
      /seccomp/,
      remedies.refused,
    ],
    ['nothing that tells', refused('namespace', 'EPERM'), {}, /something of the system/, remedies.refused],
  ])('%s', (_, trial, files, evidence, remedy) => {
    const host = userHost();
    for (const [path, text] of Object.entries(files)) host.files.addFile(path, text);
    const found = condition(host, 'user-namespaces', trial);
    expect(found).toMatchObject({ holds: false, remedy });
    expect(found.evidence).toMatch(evidence);
    const require = () => {
      requirePrivateTables(host, { subordinateIds: false }, () => trial);
    };
    expect(require).toThrowWithCode('ANYARCH_NAMESPACE');
    expect(hintOf(require)).toBe(remedy);
    expect(condition(host, 'kernel', trial).holds).toBeUndefined();
  });
});

describe('without a table of the own', () => {
  it('says whether the kernel is too old, or something else forbids it', () => {
    const trial = refused('table', 'EPERM');
    const old = condition(userHost('6.1.0-31-amd64'), 'kernel', trial);
    expect(old).toMatchObject({ holds: false, remedy: remedies.oldKernel });
    expect(old.evidence).toContain('6.1.0-31-amd64');
    expect(condition(userHost('6.7.0'), 'kernel', trial).remedy).toBe(remedies.refused);
    const container = userHost();
    container.files.addFile('/run/.containerenv', '');
    expect(condition(container, 'kernel', trial).remedy).toBe(remedies.container);
    // A backport that works counts, whatever its version.
    expect(condition(userHost('5.14.0-999.el9'), 'kernel').holds).toBe(true);
  });

  it('knows a kernel without binfmt_misc', () => {
    const trial = refused('table', 'ENODEV');
    expect(condition(userHost(), 'binfmt-misc', trial)).toMatchObject({
      holds: false,
      remedy: remedies.noBinfmtMisc,
    });
    expect(() => {
      requirePrivateTables(userHost(), { subordinateIds: false }, () => trial);
    }).toThrowWithCode('ANYARCH_BINFMT_UNSUPPORTED');
  });
});

describe('subordinate ids', () => {
  const require = (host: FakeHost) => () => {
    requirePrivateTables(host, { subordinateIds: true }, () => made);
  };

  it('are missing: the command gives a range that nobody has', () => {
    const host = userHost();
    host.files.addFile('/etc/subuid', 'a:100000:65536\nb:165536:65536\n');
    host.files.addFile('/etc/subgid', 'c:300000:10\n');
    expect(require(host)).toThrowWithCode('ANYARCH_SUBORDINATE_IDS');
    expect(hintOf(require(host))).toContain(
      'usermod --add-subuids 300010-365545 --add-subgids 300010-365545 me',
    );
    // One id does without.
    requirePrivateTables(host, { subordinateIds: false }, () => made);
  });

  it('may come from a directory service', () => {
    const host = userHost();
    for (const name of ['subuid', 'subgid']) host.files.addFile(`/etc/${name}`, '');
    expect(condition(host, 'subordinate-ids').holds).toBe(false);
    host.processes.on(['getsubids'], { stdout: '0: me 500000 65536\n' });
    expect(condition(host, 'subordinate-ids').holds).toBe(true);
    expect(host.processes.runs.at(-1)!.command).toEqual(['getsubids', '-g', 'me']);
  });

  it('are fewer than images have: said, and no error', () => {
    const host = userHost();
    host.files.addFile('/etc/subgid', '1000:100000:1000\n');
    expect(condition(host, 'enough-ids').holds).toBe(false);
    expect(condition(host, 'enough-ids').remedy).toContain('--add-subgids 165536-231071 me');
    require(host)();
  });

  it('do not exist in a container that has fewer', () => {
    const host = userHost();
    host.files.addFile('/proc/self/uid_map', '0 1000 1\n1 100000 65536\n');
    expect(condition(host, 'mapped-ids').evidence).toContain('user ids 100000-165535 do not exist');
    expect(require(host)).toThrowWithCode('ANYARCH_SUBORDINATE_IDS');
  });

  it('need programs with the privilege to map them', () => {
    const host = userHost();
    host.files.addFile('/usr/bin/newgidmap', 'program', { mode: 0o755, uid: 0 });
    host.processes.on(['getcap'], { stdout: '/usr/bin/newgidmap cap_setgid=ep\n' });
    expect(condition(host, 'id-map-programs').holds).toBe(true);
    host.processes.on(['getcap'], { stdout: '' });
    expect(condition(host, 'id-map-programs')).toMatchObject({
      holds: false,
      remedy: remedies.idMapProgramsPowerless,
    });
    host.files.addFile('/usr/bin/newgidmap', 'program', { mode: 0o644, uid: 0 });
    expect(condition(host, 'id-map-programs')).toMatchObject({
      holds: false,
      evidence: 'newgidmap cannot be found',
      remedy: remedies.idMapPrograms,
    });
    expect(require(host)).toThrowWithCode('ANYARCH_SUBORDINATE_IDS');
  });

  it('cannot be had without new privileges, or from a file system that gives none', () => {
    const host = userHost();
    host.files.addFile('/proc/self/status', 'NoNewPrivs:\t1\n');
    expect(condition(host, 'id-map-programs').evidence).toContain('no_new_privs');
    const mounted = userHost();
    mounted.files.addFile('/proc/self/mountinfo', '22 1 8:1 / / rw,nosuid - ext4 /dev/sda1 rw\n');
    expect(condition(mounted, 'id-map-programs').evidence).toContain('nosuid');
  });

  it('are none of root’s business', () => {
    expect(privateTableConditions(fakeHost(), () => made).map(({ id }) => id)).toEqual([
      'user-namespaces',
      'binfmt-misc',
      'kernel',
    ]);
  });
});
