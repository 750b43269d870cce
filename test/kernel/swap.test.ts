import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import { requireEmulator } from '../../src/emulators/index.ts';
import {
  register,
  release,
  unregister,
  takingOver,
  type RegisterOptions,
  type RegistrationReport,
} from '../../src/registration/index.ts';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { bundleChild } from '../support/registration/bundle.ts';
import type { ExecLoopOrder, ExecLoopResult } from '../support/registration/exec-loop.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
const processes = 3;

let loop: string;
let table: PrivateTable;
let state: string;
let emulator: string;
let theirs: string;

beforeAll(async () => {
  loop = await bundleChild('exec-loop');
});
beforeEach(async () => {
  table = await openPrivateTable();
  state = temporaryDirectory('state');
  theirs = join(temporaryDirectory('theirs'), 'qemu-aarch64');
  copyFileSync(join(qemu, 'qemu-aarch64'), theirs);
  emulator = join(temporaryDirectory('emulator'), 'qemu-aarch64');
  upgrade();
});
afterEach(() => table.close());

/** Another file in its place, as package managers do. */
function upgrade(): void {
  copyFileSync(join(qemu, 'qemu-aarch64'), `${emulator}.new`);
  renameSync(`${emulator}.new`, emulator);
}

let fetched = 0;

/** Another file of another name, as `emulators fetch` files it. */
function fetchNewer(): void {
  fetched += 1;
  const directory = join(state, 'store/sha256', fetched.toString(16).padStart(64, '0'));
  mkdirSync(directory, { recursive: true });
  emulator = join(directory, 'qemu-aarch64');
  upgrade();
}

function registerIt(options: Partial<RegisterOptions> = {}): RegistrationReport {
  return register(table.host, {
    architectures: ['arm64'],
    state,
    choose: (target) => requireEmulator(table.host, target, { qemu: emulator }),
    ...options,
  });
}

const pattern =
  'M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';

function addTheirs(): void {
  table.host.binfmt.table().register(encodeUtf8(`:qemu-aarch64:${pattern}:${theirs}:OPF`));
}

/** Executes foreign programs in several processes while the action goes on. */
async function whileExecuting(action: () => void): Promise<ExecLoopResult> {
  const directory = temporaryDirectory('loop');
  const program = join(directory, 'probe');
  writeFileSync(program, buildProbe('aarch64', 42), { mode: 0o755 });
  const stop = join(directory, 'stop');
  const orders = Array.from({ length: processes }, (_, index): ExecLoopOrder => ({
    program,
    inside: table.pid,
    started: join(directory, `started-${index}`),
    stop,
  }));
  const running = orders.map((order) => succeed([process.execPath, loop, JSON.stringify(order)]));
  try {
    for (const { started } of orders) while (!existsSync(started)) await sleep(5);
    action();
  } finally {
    writeFileSync(stop, '');
  }
  const results = (await Promise.all(running)).map(({ stdout }) => JSON.parse(stdout) as ExecLoopResult);
  return {
    executed: results.reduce((sum, { executed }) => sum + executed, 0),
    failures: results.flatMap(({ failures }) => failures),
  };
}

type Operation = readonly [string, () => RegistrationReport, object];

const operations: readonly Operation[] = [
  ['a newer emulator', () => (upgrade(), registerIt()), { action: 'replace', proven: true }],
  ['another flag', () => registerIt({ credentials: true }), { action: 'replace', proven: true }],
  [
    'a newer anyarch',
    () => registerIt({ by: 'anyarch 99.0.0: anyarch register arm64' }),
    { action: 'replace', proven: true },
  ],
  ['a fetched emulator', () => (fetchNewer(), registerIt()), { action: 'replace', proven: true }],
  ['a reset', () => (upgrade(), registerIt({ reset: true })), { action: 'replace', proven: true }],
];

describeWith([needs.qemu], 'programs that are started while entries are swapped', () => {
  test('none fails while ours is replaced by ours', async () => {
    registerIt();
    const { executed, failures } = await whileExecuting(() => {
      for (let round = 0; round < 3; round += 1)
        for (const [name, operate, expected] of operations)
          expect({ name, results: operate().results }).toMatchObject({ name, results: [expected] });
    });
    expect(failures).toEqual([]);
    expect(executed).toBeGreaterThan(500);
  });

  test('none fails while somebody else’s is taken over and given back', async () => {
    addTheirs();
    const before = table.host.binfmt.table().read('qemu-aarch64');
    const { executed, failures } = await whileExecuting(() => {
      for (let round = 0; round < 5; round += 1) {
        const takeOver = registerIt({ takeOver: takingOver(['qemu-aarch64']) });
        expect(takeOver.results).toMatchObject([{ name: 'qemu-aarch64', action: 'replace', proven: true }]);
        fetchNewer();
        expect(registerIt().results).toMatchObject([{ name: 'qemu-aarch64', action: 'replace' }]);
        const givenBack =
          round % 2 === 0
            ? release(table.host, { names: 'all', state })
            : unregister(table.host, { architectures: 'all', state });
        expect(givenBack.results).toMatchObject([{ action: 'release', proven: true }]);
        expect(table.host.binfmt.table().read('qemu-aarch64')).toBe(before);
      }
    });
    expect(failures).toEqual([]);
    expect(executed).toBeGreaterThan(500);
    expect(table.host.binfmt.table().list()).toEqual(['qemu-aarch64']);
  });

  test('none fails while ours goes from in front of somebody else’s, and comes again', async () => {
    addTheirs();
    const { executed, failures } = await whileExecuting(() => {
      for (let round = 0; round < 10; round += 1) {
        expect(registerIt().results).toMatchObject([
          { name: 'anyarch-aarch64', action: 'add', proven: true },
        ]);
        expect(unregister(table.host, { architectures: 'all', state }).results).toMatchObject([
          { action: 'remove', inForce: 'qemu-aarch64' },
        ]);
      }
    });
    expect(failures).toEqual([]);
    expect(executed).toBeGreaterThan(500);
  });

  test('the loop does see when an entry is removed before the next one is registered', async () => {
    addTheirs();
    const kernel = table.host.binfmt.table();
    const { failures } = await whileExecuting(() => {
      for (let round = 0; round < 200; round += 1) {
        kernel.control('qemu-aarch64', '-1');
        // As long as a script takes for its next command.
        table.host.clock.sleep(1);
        addTheirs();
      }
    });
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures)).toEqual(new Set(['{"kind":"refused","errno":"ENOEXEC"}']));
  });
});
