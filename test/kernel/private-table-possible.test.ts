import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { machine } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { launcherHostOf } from '../../src/core/launcher/find-launcher-host.ts';
import { systemCallNumber } from '../../src/core/launcher/system-call-numbers.ts';
import { insideCommand } from '../../src/host/node/inside.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { requirePrivateTables } from '../../src/private-table/index.ts';
import type { Condition } from '../../src/private-table/index.ts';
import { compile } from '../support/compile.ts';
import { run } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';
import { openPrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** What a process of its own prints: the code that `requirePrivateTables` has for it, and the conditions. */
interface Found {
  readonly code?: string;
  readonly conditions: readonly Condition[];
}

const program = `
import { nodeHost } from './src/host/node/node-host.js';
import { privateTableConditions, requirePrivateTables } from './src/private-table/possible.js';
const host = nodeHost();
let code;
try {
  requirePrivateTables(host, { subordinateIds: true });
} catch (error) {
  code = error.code;
}
console.log(JSON.stringify({ code, conditions: privateTableConditions(host) }));
`;

let main: string;

beforeAll(() => {
  const directory = temporaryDirectory('compiled');
  compile(['src/core', 'src/host', 'src/private-table'], directory);
  main = join(directory, 'main.mjs');
  writeFileSync(main, program);
});

test('here, a table is made to find out, and nothing of it stays', () => {
  const before = nodeHost().binfmt.state();
  requirePrivateTables(nodeHost(), { subordinateIds: false });
  expect(nodeHost().binfmt.state()).toBe(before);
});

test('a limit of no namespaces is told, with its setting', async () => {
  const table = await openPrivateTable();
  try {
    const enter = insideCommand(nodeHost(), table.pid, { mount: true });
    const limit = '/proc/sys/user/max_user_namespaces';
    const found = async (): Promise<Found> => foundIn(await run([...enter, process.execPath, main]));
    expect((await found()).code).toBeUndefined();
    await run([...enter, '/bin/sh', '-c', `echo 0 > ${limit}`]);
    const { code, conditions } = await found();
    expect(code).toBe('ANYARCH_NAMESPACE');
    expect(conditions[0]).toMatchObject({
      id: 'user-namespaces',
      holds: false,
      remedy: 'as root: sysctl user.max_user_namespaces=15000',
    });
    expect(conditions[0]!.evidence).toContain('(ENOSPC): user.max_user_namespaces is 0');
  } finally {
    await table.close();
  }
});

describeWith([needs.root, needs.testUser], 'an unprivileged user', () => {
  test('has all that is needed', async () => {
    const found = foundIn(await runAsUser(createUserHome(), [process.execPath, main]));
    expect(found.code).toBeUndefined();
    expect(found.conditions.map(({ holds }) => holds)).toEqual(new Array(7).fill(true));
  });

  test('cannot map more ids where no new privileges are to be had', async () => {
    const command = ['setpriv', '--no-new-privs', process.execPath, main];
    const { code, conditions } = foundIn(await runAsUser(createUserHome(), command));
    expect(code).toBe('ANYARCH_SUBORDINATE_IDS');
    expect(conditions.filter(({ holds }) => holds !== true)).toMatchObject([{ id: 'id-map-programs' }]);
  });
});

describeWith(
  [needs.root, { missing: () => (existsSync('/usr/bin/bwrap') ? undefined : 'needs bubblewrap') }],
  'a filter of system calls',
  () => {
    test.each([
      ['unshare', 'user-namespaces'],
      ['mount', 'kernel'],
    ] as const)('that refuses %s is not taken for anything else', (call, id) => {
      const { code, conditions } = filtered(call);
      expect(code).toBe('ANYARCH_NAMESPACE');
      const failed = conditions.filter(({ holds }) => holds === false);
      expect(failed).toMatchObject([{ id }]);
      expect(failed[0]!.evidence).toContain('EPERM');
      expect(failed[0]!.remedy).not.toContain('6.7');
    });

    test('that refuses something else is in nobody’s way', () => {
      expect(filtered('sethostname').code).toBeUndefined();
    });
  },
);

function foundIn(result: { readonly stdout: string; readonly stderr: string }): Found {
  expect(result.stderr).toBe('');
  return JSON.parse(result.stdout) as Found;
}

/** Runs the program where one system call fails with EPERM. */
function filtered(call: 'unshare' | 'mount' | 'sethostname'): Found {
  const filter = join(temporaryDirectory('filter'), 'filter');
  writeFileSync(filter, refusing(call));
  const descriptor = openSync(filter, 'r');
  try {
    const { stdout, stderr } = spawnSync(
      '/usr/bin/bwrap',
      ['--dev-bind', '/', '/', '--seccomp', '3', '--', process.execPath, main],
      { stdio: ['ignore', 'pipe', 'pipe', descriptor], encoding: 'utf8' },
    );
    return foundIn({ stdout, stderr });
  } finally {
    closeSync(descriptor);
  }
}

/** A classic BPF program for seccomp(2): four instructions of { u16 code; u8 jt, jf; u32 k }. */
function refusing(call: 'unshare' | 'mount' | 'sethostname'): Uint8Array {
  const host = launcherHostOf(machine())!;
  const little = host.identity.endianness === 'little';
  const instructions = [
    // The number of the system call, the first member of struct seccomp_data; other architectures are not looked at.
    [0x20, 0, 0, 0],
    [0x15, 0, 1, systemCallNumber(host.numbering, call)],
    [0x06, 0, 0, 0x0005_0000 | 1 /* SECCOMP_RET_ERRNO, EPERM */],
    [0x06, 0, 0, 0x7fff_0000 /* SECCOMP_RET_ALLOW */],
  ] as const;
  const view = new DataView(new ArrayBuffer(8 * instructions.length));
  instructions.forEach(([code, ifTrue, ifFalse, value], index) => {
    view.setUint16(8 * index, code, little);
    view.setUint8(8 * index + 2, ifTrue);
    view.setUint8(8 * index + 3, ifFalse);
    view.setUint32(8 * index + 4, value, little);
  });
  return new Uint8Array(view.buffer);
}
