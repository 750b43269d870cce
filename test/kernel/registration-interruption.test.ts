import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/core/text.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { requireEmulator } from '../../src/emulators/index.ts';
import type { Host } from '../../src/host/host.ts';
import { register, unregister, type RegistrationReport } from '../../src/registration/index.ts';
import { readLedger } from '../../src/registration/ledger.ts';
import { run, succeed, type CommandResult } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { bundleChild } from '../support/registration/bundle.ts';
import type { ChildOrder } from '../support/registration/child.ts';
import { temporaryDirectory } from '../support/temporary.ts';

let child: string;
let table: PrivateTable;
let state: string;
let qemu: string;

beforeAll(async () => {
  child = await bundleChild();
});
beforeEach(async () => {
  table = await openPrivateTable();
  state = temporaryDirectory('state');
  qemu = temporaryDirectory('qemu');
  for (const target of ['aarch64', 'riscv64']) upgrade(target);
  for (const rule of theirs) table.host.binfmt.table().register(encodeUtf8(rule));
});
afterEach(() => table.close());

const theirs = [
  ':jar:M::PK\\x03\\x04::/bin/true:',
  ':other:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xf3\\x00::/opt/other:',
];

/** Puts the emulator there as a new file, as package managers do. */
function upgrade(target: string): void {
  const path = join(qemu, `qemu-${target}`);
  copyFileSync(join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${target}`), `${path}.new`);
  renameSync(`${path}.new`, path);
}

/** Starts a command inside. */
function enter({ pid }: PrivateTable): string[] {
  return ['nsenter', '--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
}

function command(order: Partial<ChildOrder>): string[] {
  const whole: ChildOrder = {
    command: 'register',
    architectures: ['arm64', 'riscv64'],
    state,
    qemu,
    ...order,
  };
  return [...enter(table), process.execPath, child, JSON.stringify(whole)];
}

const runChild = (order: Partial<ChildOrder>): Promise<CommandResult> =>
  run(command(order), { environment: childEnvironment });

/** What may be in the state directory when nothing runs. */
const known = ['registrations.json', 'digests.json'];

/** The host as the child sees it, whose user namespace is the table's. */
function seenFrom({ host, pid }: PrivateTable): Host {
  const { files } = host;
  const readLink = (path: string) =>
    files.readLink(path.replace('/proc/self/ns/user', `/proc/${pid}/ns/user`));
  return { ...host, files: { ...files, readLink } };
}

/** In this process, which is quicker. */
function finish(host: Host, order: Partial<ChildOrder>): RegistrationReport {
  const { architectures = [], reset = false } = order;
  if (order.command === 'unregister') return unregister(host, { architectures, state });
  const choose = (target: string) => requireEmulator(host, target, { qemu });
  return register(host, { architectures, reset, state, choose });
}

/** Without what makes Node start more slowly or report to the test runner. */
const childEnvironment = { PATH: process.env['PATH'], HOME: process.env['HOME'] };

async function report(order: Partial<ChildOrder>): Promise<{ report: RegistrationReport; changes: number }> {
  const { stdout } = await succeed(command(order), { environment: childEnvironment });
  return JSON.parse(stdout) as { report: RegistrationReport; changes: number };
}

const entries = () =>
  new Map(
    table.host.binfmt
      .table()
      .list()
      .map((name) => [name, table.host.binfmt.table().read(name)]),
  );
const ours = () => [...entries().keys()].filter((name) => !['jar', 'other'].includes(name)).sort();
const others = () => ['jar', 'other'].map((name) => entries().get(name));

function writeProbe(architecture: string): string {
  const path = join(temporaryDirectory('probe'), 'probe');
  writeFileSync(path, buildProbe(architecture), { mode: 0o755 });
  return path;
}

describeWith([needs.qemu], 'registering while things happen', () => {
  test.each([
    {
      name: 'register',
      before: [] as string[],
      doomed: { architectures: ['riscv64'] },
      wished: ['riscv64'],
    },
    {
      name: 'register --reset with a new emulator',
      before: ['arm64', 'riscv64'],
      upgraded: 'aarch64',
      doomed: { architectures: ['arm64'], reset: true },
      wished: ['aarch64'],
    },
    {
      name: 'unregister',
      before: ['arm64', 'riscv64'],
      doomed: { command: 'unregister', architectures: ['riscv64'] },
      wished: ['aarch64'],
    },
  ] as const)(
    '$name, killed before any change: it harms nobody, and the next one repairs',
    async (scenario) => {
      const { before, doomed, wished } = scenario;
      const host = seenFrom(table);
      const theirsBefore = others();
      const probes = wished.map(writeProbe);
      const runs = probes.map(() => ({ kind: 'exited', code: 42 }));
      for (let killAt = 0, killed = true; killed; killAt += 1) {
        finish(host, { command: 'unregister', architectures: ['arm64', 'riscv64'] });
        if (before.length > 0) finish(host, { architectures: before });
        if ('upgraded' in scenario) upgrade(scenario.upgraded);
        const result = await runChild({ ...doomed, killAt });
        killed = result.signal === 'SIGKILL' || result.exitCode === 137;
        expect(killed ? '' : result.stderr).toBe('');
        expect(others()).toEqual(theirsBefore);
        // What was registered before and is wanted still runs at any time.
        const kept = before.length > 0 ? probes : [];
        expect(host.executor.executeAll(kept)).toEqual(kept.map(() => ({ kind: 'exited', code: 42 })));

        expect(finish(host, doomed), `killed at ${killAt}`).toMatchObject({ outcome: 'ok' });
        expect(host.executor.executeAll(probes)).toEqual(runs);
        expect(ours()).toEqual(wished.map((architecture) => `qemu-${architecture}`));
        expect(others()).toEqual(theirsBefore);
        const ledger = readLedger(host, state);
        expect(ledger.registrations.map(({ name, state: made }) => `${name} ${made}`).sort()).toEqual(
          wished.map((architecture) => `qemu-${architecture} made`),
        );
        expect(ledger.wishes.map(({ architecture }) => architecture).sort()).toEqual(wished);
        expect(readdirSync(state).filter((name) => !known.includes(name))).toEqual([]);
      }
    },
    300_000,
  );

  test('killed at random moments, it does the same', async () => {
    const before = others();
    for (let round = 0; round < 15; round += 1) {
      upgrade('riscv64');
      const [program = '', ...args] = command({ reset: round % 2 === 0 });
      const doomed = spawn(program, args, { stdio: 'ignore', env: { ...childEnvironment } });
      setTimeout(() => doomed.kill('SIGKILL'), 40 + Math.random() * 120);
      await once(doomed, 'exit');
      expect(others()).toEqual(before);
    }
    await report({});
    expect(ours()).toEqual(['qemu-aarch64', 'qemu-riscv64']);
    expect(others()).toEqual(before);
  });

  test('programs run without a gap while emulators are replaced', async () => {
    await report({});
    const probe = writeProbe('aarch64');
    const stop = join(state, 'stop');
    const loop = `n=0; failed=0; while [ ! -e ${stop} ]; do ${probe}; [ $? = 42 ] || failed=$((failed+1)); n=$((n+1)); done; echo $n $failed`;
    const looping = succeed([...enter(table), 'sh', '-c', loop]);
    for (let round = 0; round < 8; round += 1) {
      upgrade('aarch64');
      upgrade('riscv64');
      expect((await report({})).report.results).toMatchObject([
        { action: 'replace', proven: true },
        { action: 'replace', proven: true },
      ]);
    }
    writeFileSync(stop, '');
    const [runs = 0, failures] = (await looping).stdout.trim().split(' ').map(Number);
    expect(runs).toBeGreaterThan(50);
    expect(failures).toBe(0);
  });

  test('registers at the same time end as one', async () => {
    const orders = [['arm64'], ['riscv64'], ['arm64', 'riscv64'], ['riscv64', 'arm64']];
    const reports = await Promise.all(orders.map((architectures) => report({ architectures })));
    expect(reports.map(({ report: { outcome } }) => outcome)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(ours()).toEqual(['qemu-aarch64', 'qemu-riscv64']);
    const ledger = JSON.parse(readFileSync(join(state, 'registrations.json'), 'utf8')) as {
      registrations: { name: string; state: string }[];
    };
    expect(ledger.registrations.map(({ name, state: made }) => `${name} ${made}`).sort()).toEqual([
      'qemu-aarch64 made',
      'qemu-riscv64 made',
    ]);
    expect(existsSync(join(state, 'registrations.lock'))).toBe(false);
  });

  test('two that know nothing of each other replace the same entries at once, as containers do', async () => {
    // Each takes the other's for its own by the place of the emulators.
    qemu = join(temporaryDirectory('qemu'), 'store', 'sha256', '0f'.repeat(32));
    mkdirSync(qemu, { recursive: true });
    const states = [state, temporaryDirectory('state')];
    for (let round = 0; round < 6; round += 1) {
      upgrade('aarch64');
      upgrade('riscv64');
      const reports = await Promise.all(states.map((own) => report({ state: own, reset: true })));
      const errors = reports.flatMap(({ report: { results } }) =>
        results.flatMap(({ error }) => error ?? []),
      );
      expect(errors).toEqual([]);
      expect(ours()).toEqual(['qemu-aarch64', 'qemu-riscv64']);
    }
  });

  test('a table that is mounted read-only is left alone', async () => {
    const remount = 'mount -o remount,ro /proc/sys/fs/binfmt_misc && exec "$@"';
    const result = await run(
      [...enter(table), 'sh', '-c', remount, 'sh', ...command({}).slice(enter(table).length)],
      { environment: childEnvironment },
    );
    expect(result.stderr).toContain('is mounted read-only');
    expect(ours()).toEqual([]);
  });
});

describeWith([needs.qemu], 'registering where binfmt_misc is not mounted', () => {
  test('mounts it', async () => {
    const unmounted = await openPrivateTable({ mounted: false });
    try {
      const order = command({}).slice(enter(table).length);
      // The host's table may be visible here, and root may write to it: nothing runs before it is covered.
      const cover = 'mount -t tmpfs none /proc/sys/fs/binfmt_misc && exec "$@"';
      const { stdout } = await succeed([...enter(unmounted), 'sh', '-c', cover, 'sh', ...order], {
        environment: childEnvironment,
      });
      expect((JSON.parse(stdout) as { report: RegistrationReport }).report.outcome).toBe('ok');
      expect(unmounted.host.binfmt.table().list().sort()).toEqual(['qemu-aarch64', 'qemu-riscv64']);
    } finally {
      await unmounted.close();
    }
  });
});
