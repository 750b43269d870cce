import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { architectures } from '../../src/core/architecture.ts';
import { toHex } from '../../src/core/hex.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import type { Host } from '../../src/host/host.ts';
import { nodeFiles } from '../../src/host/node/node-files.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { errnoThrownBy } from '../contract/errno.ts';
import { describeExecutor } from '../contract/executor.ts';
import { describeFiles } from '../contract/files.ts';
import { describeKernelTable } from '../contract/kernel-table.ts';
import { describeLinks } from '../contract/links.ts';
import { describeProcesses } from '../contract/processes.ts';
import { nativeProgram } from '../support/native-program.ts';
import { openPrivateTable } from '../support/private-table.ts';
import type { PrivateTable } from '../support/private-table.ts';
import { buildNativeProgram } from '../support/quickjs/build.ts';
import { sessionHost } from '../support/quickjs/host.ts';
import { startSession } from '../support/quickjs/session.ts';
import type { Session } from '../support/quickjs/session.ts';
import { repository } from '../support/fixtures/cache.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const tmpfsMagic = 0x01021994;
const ran = { kind: 'exited', code: 42 };
let program: string;
/** In this test's own namespaces, and in some with a table. */
let session: Session;
let sessionInside: Session;
let inside: PrivateTable;
let host: Host;
let hostInside: Host;
let directory: string;

beforeAll(async () => {
  directory = temporaryDirectory('quickjs');
  program = await buildNativeProgram(
    join(repository, 'test/support/quickjs/program.ts'),
    `${directory}/built`,
  );
  inside = await openPrivateTable();
  mkdirSync(`${directory}/noexec`);
  inside.run(['mount', '-t', 'tmpfs', '-o', 'noexec', 'none', `${directory}/noexec`]);
  nodeFiles.writeAtomic(seen(`${directory}/noexec/program`), nativeProgram(0), 0o755);
  const enter = ['nsenter', '--target', `${inside.pid}`, '--user', '--mount', '--preserve-credentials', '--'];
  session = await startSession([program]);
  // Started once, and while no entry matches what starts it.
  sessionInside = await startSession([...enter, program]);
  host = sessionHost(session);
  hostInside = sessionHost(sessionInside);
}, 300_000);
afterAll(async () => {
  await Promise.all([session.close(), sessionInside.close()]);
  await inside.close();
});

describeFiles('QuickJS', () => {
  const mounts = mkdtempSync(`${directory}/mounts-`);
  const mount = (name: string, options: string, fill: (path: string) => void = () => undefined): string => {
    const path = `${mounts}/${name}`;
    mkdirSync(path);
    inside.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', path]);
    fill(seen(path));
    inside.run(['mount', '-o', `remount,bind,${options}`, path]);
    return seen(path);
  };
  return {
    files: host.files,
    directory: mkdtempSync(`${directory}/case-`),
    smallDirectory: mount('small', 'rw'),
    readOnlyDirectory: mount('readonly', 'ro', (path) => {
      nodeFiles.writeAtomic(`${path}/present`, new Uint8Array());
    }),
    noExecuteDirectory: mount('noexec', 'noexec', (path) => {
      nodeFiles.writeAtomic(`${path}/program`, new Uint8Array(), 0o755);
    }),
    smallType: tmpfsMagic,
  };
});

describeLinks(
  'QuickJS',
  () => ({
    files: host.files,
    directory: mkdtempSync(`${directory}/links-`),
    addLink: (path, target) => {
      symlinkSync(target, path);
    },
  }),
  { makesLinks: false },
);

describeProcesses('QuickJS', () => ({
  processes: host.processes,
  executor: host.executor,
  files: host.files,
  directory: mkdtempSync(`${directory}/processes-`),
}));

describeKernelTable('QuickJS', () => subject());

describeExecutor('QuickJS', () => ({ ...subject(), executor: hostInside.executor, nativeProgram }));

describe('QuickJS', () => {
  it('knows the same of this process and machine as Node', () => {
    const { uid, gid, machine, kernelRelease, environment } = nodeHost().system;
    expect(host.system).toMatchObject({ uid, gid, machine, kernelRelease });
    for (const name of ['PATH', 'HOME', 'USER'])
      expect(host.system.environment[name]).toBe(environment[name]);
  });

  it('gives the same status as Node', () => {
    for (const path of [program, directory, '/dev/null', '/missing/at/all', `${program}/below`]) {
      const status = nodeFiles.linkStatus(path);
      // QuickJS' stat does not tell when it was changed; what a disk takes is asked by machines only, which need Node.
      expect(host.files.linkStatus(path)).toEqual(
        status === undefined ? undefined : { ...status, changedMs: undefined, allocatedBytes: undefined },
      );
    }
  });

  it('executes programs that are in no file system', () => {
    const native = host.executor.inMemory?.(nativeProgram(7)) ?? '';
    const foreign = host.executor.inMemory?.(buildProbe('s390x', 42)) ?? '';
    expect(native).toMatch(/^\/proc\/self\/fd\/\d+$/);
    expect(host.executor.executeAll([native, foreign, native])).toEqual([
      { kind: 'exited', code: 7 },
      { kind: 'refused', errno: 'ENOEXEC' },
      { kind: 'exited', code: 7 },
    ]);
    for (const path of [native, foreign]) host.executor.forget?.(path);
    expect(host.executor.execute(native)).toMatchObject({ kind: 'refused' });
  });

  it.each(['', 'F', 'P', 'OF', 'PF', 'OCF', 'POCF'])(
    'emulates programs that are in no file system by an entry with the flags "%s"',
    (flags) => {
      const { table, files } = subject();
      const rule = architectures.find(({ name }) => name === 's390x')!;
      const pattern = [rule.magic, rule.mask].map((part) => toHex(part).replaceAll(/../g, '\\x$&')).join(':');
      const emulator = `${process.env['ANYARCH_TEST_QEMU_DIR'] ?? ''}/qemu-s390x`;
      const { executor } = hostInside;
      const probe = executor.inMemory?.(buildProbe('s390x', 42)) ?? '';
      expect(executor.execute(probe)).toEqual({ kind: 'refused', errno: 'ENOEXEC' });
      files.writeOnce(`${table.path}/register`, encodeUtf8(`:s390x:M::${pattern}:${emulator}:${flags}`));
      expect(executor.executeAll([probe, probe])).toEqual([ran, ran]);
      executor.forget?.(probe);
    },
  );

  it('shows its open files to nobody that it starts', () => {
    const seenByChild = () => host.processes.run(['ls', '/proc/self/fd']).stdout;
    const before = seenByChild();
    const path = host.executor.inMemory?.(nativeProgram(0)) ?? '';
    expect(seenByChild()).toBe(before);
    host.executor.forget?.(path);
  });

  it('hands nothing that the kernel refuses to a shell', () => {
    const text = `${directory}/text`;
    nodeFiles.writeAtomic(text, new TextEncoder().encode('exit 9\n'), 0o755);
    expect(host.processes.run([text])).toMatchObject({ startError: 'ENOEXEC', exitCode: undefined });
  });

  it('finds a program along the PATH that it gets', () => {
    const place = mkdtempSync(`${directory}/path-`);
    nodeFiles.writeAtomic(`${place}/seven`, nativeProgram(7), 0o755);
    nodeFiles.writeAtomic(`${place}/data`, nativeProgram(7), 0o644);
    const run = (name: string, path: string | undefined) =>
      host.processes.run([name], { environment: { PATH: path } });
    expect(run('seven', `/missing::${place}`)).toMatchObject({ exitCode: 7 });
    expect(run('seven', '/missing')).toMatchObject({ startError: 'ENOENT' });
    expect(run('data', `/missing:${place}`)).toMatchObject({ startError: 'EACCES' });
    expect(run('true', undefined)).toMatchObject({ exitCode: 0 });
    expect(host.processes.run(['true'], { directory: `${place}/missing` })).toMatchObject({
      startError: 'ENOENT',
    });
  });

  it('takes names and content that are not ASCII, or no text at all', () => {
    const place = mkdtempSync(`${directory}/names-`);
    const content = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    host.files.writeAtomic(`${place}/π 𝄞`, content);
    expect(host.files.list(place)).toEqual(['π 𝄞']);
    expect(host.files.read(`${place}/π 𝄞`)).toEqual(content);
    expect(host.files.readAt(`${place}/π 𝄞`, 70_000, 70_000)).toEqual(content.slice(70_000));
    expect(host.files.sha256(`${place}/π 𝄞`)).toBe(nodeFiles.sha256(`${place}/π 𝄞`));
    expect(() => host.files.read('/dev/null\0')).toThrow('contains a NUL');
  });

  it('hashes as Node does, whatever the length', () => {
    const path = `${directory}/hashed`;
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 300_000]) {
      nodeFiles.writeAtomic(path, new Uint8Array(length).fill(7));
      expect(host.files.sha256(path), `${length} bytes`).toBe(nodeFiles.sha256(path));
    }
  });

  it('sleeps and tells the time', () => {
    const start = host.clock.monotonic();
    host.clock.sleep(20);
    expect(host.clock.monotonic() - start).toBeGreaterThanOrEqual(20);
    expect(Math.abs(host.clock.now() - Date.now())).toBeLessThan(1000);
  });

  it('mounts a table, and says why it cannot', async () => {
    const unmounted = await openPrivateTable({ mounted: false });
    const enter = [
      'nsenter',
      '--target',
      `${unmounted.pid}`,
      '--user',
      '--mount',
      '--preserve-credentials',
      '--',
    ];
    const there = await startSession([...enter, program]);
    try {
      const { binfmt, files } = sessionHost(there);
      expect(binfmt.state()).toBe('unmounted');
      binfmt.mount();
      expect(binfmt.state()).toBe('mounted');
      expect(binfmt.table().enabled()).toBe(true);
      expect(files.list(binfmt.path).sort()).toEqual(['register', 'status']);
    } finally {
      await there.close();
      await unmounted.close();
    }
    const ordinary = await startSession(['setpriv', '--reuid=65534', '--clear-groups', program]);
    try {
      const { binfmt } = sessionHost(ordinary);
      expect(
        errnoThrownBy(() => {
          binfmt.mount();
        }),
      ).toBe('EPERM');
    } finally {
      await ordinary.close();
    }
  });
});

/** The table emptied and a new directory. */
function subject() {
  const { binfmt, files } = hostInside;
  const table = binfmt.table();
  files.writeOnce(`${table.path}/status`, new TextEncoder().encode('1'));
  table.list().forEach((name) => {
    table.control(name, '-1');
  });
  const place = mkdtempSync(`${directory}/t`);
  return { files, table, directory: place, noExecuteProgram: `${directory}/noexec/program` };
}

function seen(path: string): string {
  return `/proc/${inside.pid}/root${path}`;
}
