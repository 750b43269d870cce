import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireEmulator } from '../../src/emulators/index.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { parseRule, type Rule } from '../../src/core/rule.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import type { Host } from '../../src/host/host.ts';
import {
  register,
  release,
  takingOver,
  unregister,
  type RegisterOptions,
} from '../../src/registration/index.ts';
import { othersRules } from '../data/others.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { nativeProgram } from '../support/native-program.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
const isForThisMachine = (architecture: string | undefined) =>
  architecture === 'x86_64' || architecture === 'i386';

/** Each interpreter exits with a code of its own. */
const codeOf = (index: number) => 60 + index;

interface Registered extends Rule {
  readonly architecture: string | undefined;
  readonly exitCode: number;
}

let table: PrivateTable;
let state: string;
let registered: Registered[];
let before: [string, string][];

beforeEach(async () => {
  table = await openPrivateTable();
  state = temporaryDirectory('state');
  const directory = temporaryDirectory('interpreters');
  const names = new Set<string>();
  registered = othersRules.flatMap(({ rule, architecture }, index): Registered[] => {
    const parsed = parseRule(rule);
    if (names.has(parsed.name)) return [];
    names.add(parsed.name);
    const interpreter = `${directory}/${index}${parsed.interpreter}`;
    mkdirSync(dirname(interpreter), { recursive: true });
    writeFileSync(interpreter, nativeProgram(codeOf(index)));
    chmodSync(interpreter, 0o755);
    kernel().register(encodeUtf8(rule.replace(`:${parsed.interpreter}:`, `:${interpreter}:`)));
    // Whatever is started in this table would go there.
    if (isForThisMachine(architecture)) kernel().control(parsed.name, '0');
    return [{ ...parsed, interpreter, architecture, exitCode: codeOf(index) }];
  });
  before = entries();
});
afterEach(() => table.close());

const kernel = () => table.host.binfmt.table();

/** The newest first. */
const entries = (): [string, string][] =>
  kernel()
    .list()
    .map((name) => [name, kernel().read(name)]);

const theirs = () => entries().filter(([name]) => registered.some((one) => one.name === name));

const registerIn = (host: Host, options: Partial<RegisterOptions> & Pick<RegisterOptions, 'architectures'>) =>
  register(host, { state, choose: (target) => requireEmulator(host, target, { qemu }), ...options });

/** What executing a file leads to that only this entry, and newer ones, take. */
function exitCodeFor({ magic, offset, architecture }: Registered): number | undefined {
  const path = join(temporaryDirectory('sample'), 'sample');
  const sample = new Uint8Array(256);
  sample.set(magic, offset);
  const probe = architecture === undefined ? sample : buildProbe(architecture);
  writeFileSync(path, probe, { mode: 0o755 });
  const outcome = table.host.executor.execute(path);
  return outcome.kind === 'exited' ? outcome.code : undefined;
}

const sameMagic = (a: Rule, b: Rule) => Buffer.compare(a.magic, b.magic) === 0 && a.offset === b.offset;

describeWith([needs.qemu], 'what others register', () => {
  test('stays as it is, byte for byte and in its order, and runs', () => {
    const { host } = table;
    const hidden: Host = { ...host, system: { ...host.system, hostFiles: 'hidden' } };
    // The newest of those that take the same files.
    const inForce = registered.filter(
      (one, index) =>
        !isForThisMachine(one.architecture) &&
        one.architecture === undefined &&
        !registered.slice(index + 1).some((newer) => sameMagic(one, newer)),
    );
    const expectTheyRun = () => {
      expect(inForce.map(exitCodeFor)).toEqual(inForce.map(({ exitCode }) => exitCode));
    };
    expect(inForce.length).toBeGreaterThan(5);
    expectTheyRun();
    for (const seen of [host, hidden]) {
      for (const options of [{}, { reset: true }, { adopt: true }, { credentials: true, force: true }]) {
        const { outcome } = registerIn(seen, { architectures: ['arm64', 'riscv64'], ...options });
        expect(outcome).toBe('ok');
        expect(theirs()).toEqual(before);
      }
      const unknown = registered.filter(({ architecture }) => architecture === undefined);
      const { results } = registerIn(seen, {
        architectures: [],
        takeOver: takingOver(unknown.map(({ name }) => name)),
        force: true,
      });
      expect(results.map(({ error }) => error?.code)).toEqual(unknown.map(() => 'ANYARCH_NOT_ADOPTABLE'));
      unregister(seen, { architectures: 'all', predecessors: true, state });
      expect(release(seen, { names: 'all', state }).results).toEqual([]);
      expect(entries()).toEqual(before);
      expectTheyRun();
    }
  });

  test('the same does remove what an image has registered', () => {
    const rule =
      ':qemu-s390x:M::\\x7fELF\\x02\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x16:';
    kernel().register(encodeUtf8(`${rule}:/usr/bin/qemu-s390x-static:`));
    registerIn(table.host, { architectures: ['arm64'] });
    expect(entries().map(([name]) => name)).toContain('qemu-s390x');
    registerIn(table.host, { architectures: ['arm64'], reset: true });
    expect(entries().map(([name]) => name)).not.toContain('qemu-s390x');
    expect(theirs()).toEqual(before);
  });

  test.each(['qemu-aarch64', 'aarch64-linux'])('is taken over and given back: %s', (name) => {
    const text = new Map(before).get(name);
    const one = registered.find((candidate) => candidate.name === name)!;
    registerIn(table.host, { architectures: [], takeOver: takingOver([name]) });
    expect(new Map(entries()).get(name)).not.toBe(text);
    expect(exitCodeFor(one)).toBe(42);
    expect(entries().filter(([other]) => other !== name)).toEqual(before.filter(([other]) => other !== name));
    const { results } = release(table.host, { names: [name], state });
    // The programs run with their interpreter again, which is none.
    expect(results).toMatchObject([{ action: 'release', error: undefined, proven: false, inForce: name }]);
    expect(exitCodeFor(one)).toBe(one.exitCode);
    expect(entries().toSorted()).toEqual(before.toSorted());
  });

  test('one that is disabled is given back disabled', () => {
    kernel().control('qemu-aarch64', '0');
    const disabled = entries();
    registerIn(table.host, { architectures: [], takeOver: takingOver(['qemu-aarch64']) });
    release(table.host, { names: ['qemu-aarch64'], state });
    expect(entries().toSorted()).toEqual(disabled.toSorted());
  });

  test('a pinned interpreter that was replaced since is noticed', () => {
    const { interpreter } = registered.find(({ name }) => name === 'qemu-aarch64')!;
    const attempt = () =>
      registerIn(table.host, { architectures: [], takeOver: takingOver(['qemu-aarch64']) });
    table.host.clock.sleep(20);
    table.host.files.writeAtomic(interpreter, nativeProgram(1), 0o755);
    expect(attempt().results).toMatchObject([
      {
        error: {
          code: 'ANYARCH_NOT_RESTORABLE',
          message: expect.stringContaining('replaced after it had been registered') as string,
        },
      },
    ]);
    expect(entries()).toEqual(before);
    table.host.files.remove(interpreter);
    expect(attempt().results).toMatchObject([{ error: { code: 'ANYARCH_NOT_RESTORABLE' } }]);
    expect(entries()).toEqual(before);
  });
});
