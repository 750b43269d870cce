import fc from 'fast-check';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { fakeHost } from '../../src/host/testing/fake-host.ts';
import type { FakeHost } from '../../src/host/testing/fake-host.ts';
import { errnoThrownBy } from '../contract/errno.ts';
import { nativeProgram } from '../support/native-program.ts';
import { openPrivateTable } from '../support/private-table.ts';
import type { PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const interpreterCount = 4;
let inside: PrivateTable;
let real: Host;
let fake: FakeHost;
/** The same path on both machines. */
let directory: string;

beforeAll(async () => {
  inside = await openPrivateTable();
  real = inside.host;
  directory = temporaryDirectory('agree');
  mkdirSync(`${directory}/directory`);
  for (let index = 0; index < interpreterCount; index += 1) {
    real.files.writeAtomic(`${directory}/i${index}`, nativeProgram(10 + index), 0o755);
  }
  real.files.writeAtomic(`${directory}/data`, new Uint8Array(), 0o644);
});
afterAll(() => inside.close());

beforeEach(() => {
  fake = fakeHost();
  fake.files.addDirectory(`${directory}/directory`);
  for (let index = 0; index < interpreterCount; index += 1) {
    const content = nativeProgram(10 + index);
    fake.files.addFile(`${directory}/i${index}`, content, { mode: 0o755 });
    fake.executor.addProgram(content, () => ({ kind: 'exited', code: 10 + index }));
  }
  fake.files.addFile(`${directory}/data`, '');
  clear();
});

describe('the fake and the kernel agree', () => {
  it('on which rules are taken and what entries look like', () => {
    let taken = 0;
    fc.assert(
      fc.property(ruleText(), (rule) => {
        clear();
        expect(registering(fake, rule)).toBe(registering(real, rule));
        expect(tableOf(fake)).toEqual(tableOf(real));
        taken += tableOf(real).length;
      }),
      { numRuns: 1000 },
    );
    // The generator is worth nothing when it makes only good or only bad rules.
    expect(taken).toBeGreaterThan(100);
    expect(taken).toBeLessThan(900);
  });

  it('on any sequence of commands', () => {
    fc.assert(
      fc.property(fc.array(command(), { maxLength: 30 }), (commands) => {
        clear();
        for (const { path, data } of commands) {
          const outcomes = [fake, real].map((host) =>
            errnoThrownBy(() => {
              host.files.writeOnce(`${host.binfmt.path}/${path}`, data);
            }),
          );
          expect(outcomes[0]).toBe(outcomes[1]);
          expect(tableOf(fake)).toEqual(tableOf(real));
          expect(fake.binfmt.table().enabled()).toBe(real.binfmt.table().enabled());
        }
      }),
      { numRuns: 200 },
    );
  });

  it('on what an execution leads to', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(matchingRule(), { maxLength: 5 }),
        header(),
        extension(),
        (rules, content, suffix) => {
          clear();
          const path = `${directory}/directory/file${suffix}`;
          for (const host of [fake, real]) {
            rules.forEach((rule, index) => {
              host.binfmt.table().register(new TextEncoder().encode(`:e${index}:${rule}`));
            });
          }
          // Not writeAtomic, whose fsync would take most of the test's time.
          writeFileSync(path, content, { mode: 0o755 });
          fake.files.addFile(path, content, { mode: 0o755 });
          const outcome = real.executor.execute(path);
          expect(fake.executor.execute(path)).toEqual(outcome);
          seen.add(JSON.stringify(outcome));
        },
      ),
      { numRuns: 300 },
    );
    // Each interpreter has won at least once, and no match has happened.
    expect(seen.size).toBeGreaterThan(interpreterCount);
  });
});

/** Mostly well-formed, with one or two fields that may be anything. */
function ruleText(): fc.Arbitrary<Uint8Array> {
  const noise = fc.string({
    unit: fc.constantFrom(':', '\\', 'x', '0', 'a', 'F', '/', '.', '\n'),
    maxLength: 6,
  });
  const field = (usual: string, ...others: string[]) =>
    fc.oneof(
      { weight: 30, arbitrary: fc.constant(usual) },
      { weight: 10, arbitrary: fc.constantFrom(...others) },
      { weight: 1, arbitrary: noise },
    );
  const parts = fc.record({
    delimiter: field(':', ',', 'x', '\\'),
    name: field('e', 'é', 'n'.repeat(255), 'n'.repeat(256), 'register', '..', 'a b', 'n\n'),
    type: field('M', 'E'),
    offset: field('', '0', '7', '254', '255', '256', '-1', '+3', '007', ' 1', '2147483647', '2147483648'),
    magic: field(
      'ab',
      '\\x7fELF',
      'a\\x00b',
      '\\x00a',
      '\\n',
      '\\\\x41',
      'm'.repeat(256),
      'm'.repeat(257),
      'exe',
      '\0a',
    ),
    mask: field('', '\\xff\\xff', '\\xff\\x00\\xff\\xff', 'ab', 'a\0b', '\\xf'),
    interpreter: field('/i', 'relative', `/${'i'.repeat(1800)}`, ...interpreters(), '/π'),
    flags: field('', 'P', 'F', 'CP', 'FPOC', 'PP', 'Q', '\n', 'P\n', '\n\n', 'P '),
  });
  return parts.map(({ delimiter, name, type, offset, magic, mask, interpreter, flags }) =>
    new TextEncoder().encode(['', name, type, offset, magic, mask, interpreter, flags].join(delimiter)),
  );
}

function interpreters(): string[] {
  return ['i0', 'i1', 'data', 'directory', 'missing', 'data/below'].map((name) => `INTERPRETERS/${name}`);
}

/** A write to one of the table's files: mostly sensible, on a handful of names. */
function command(): fc.Arbitrary<{ path: string; data: Uint8Array }> {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const flags = fc.constantFrom('', 'F', 'POC');
  const registration = fc
    .tuple(name, fc.constantFrom('M::ab:', 'E::x:', 'M:3:\\x01:\\xff'), flags)
    .map(([entry, pattern, flag]) => ({
      path: 'register',
      data: `:${entry}:${pattern}:INTERPRETERS/i0:${flag}`,
    }));
  const data = fc.constantFrom('0', '1', '-1', '-1\n', '2', '');
  const control = fc.tuple(name, data).map(([path, written]) => ({ path, data: written }));
  const global = fc.constantFrom('0', '1', '-1', 'x').map((written) => ({ path: 'status', data: written }));
  return fc
    .oneof(
      { weight: 8, arbitrary: registration },
      { weight: 8, arbitrary: control },
      { weight: 1, arbitrary: global },
    )
    .map((write) => ({ path: write.path, data: withDirectory(new TextEncoder().encode(write.data)) }));
}

/** A rule without its name, made of few different bytes so that it often matches. */
function matchingRule(): fc.Arbitrary<string> {
  const byte = fc.constantFrom('\\x00', '\\x01', 'a', 'b');
  const magic = fc
    .array(fc.tuple(byte, fc.constantFrom('\\xff', '\\xff', '\\x01', '\\x00')), {
      minLength: 1,
      maxLength: 3,
    })
    .chain((pairs) =>
      fc.tuple(fc.nat(5), fc.boolean()).map(([offset, masked]) => {
        const [values, masks] = [0, 1].map((side) => pairs.map((pair) => pair[side]).join(''));
        return `M:${offset}:${values}:${masked ? masks : ''}`;
      }),
    );
  const byExtension = fc.constantFrom('a', 'b').map((suffix) => `E::${suffix}:`);
  const rest = fc.tuple(fc.nat(interpreterCount - 1), fc.constantFrom('', 'F', 'P', 'OC'));
  return fc
    .tuple(fc.oneof({ weight: 4, arbitrary: magic }, { weight: 1, arbitrary: byExtension }), rest)
    .map(([pattern, [index, flags]]) => `${pattern}:${directory}/i${index}:${flags}`);
}

function header(): fc.Arbitrary<Uint8Array> {
  const bytes = fc.constantFrom(0, 1, 'a'.charCodeAt(0), 'b'.charCodeAt(0));
  return fc.array(bytes, { maxLength: 9 }).map((content) => Uint8Array.from(content));
}

function extension(): fc.Arbitrary<string> {
  return fc.constantFrom('', '', '.a', '.b', '.a.b', '.A', '.');
}

function registering(host: Host, rule: Uint8Array): string | undefined {
  return errnoThrownBy(() => {
    host.binfmt.table().register(withDirectory(rule));
  });
}

function withDirectory(rule: Uint8Array): Uint8Array {
  return new TextEncoder().encode(new TextDecoder().decode(rule).replace('INTERPRETERS', directory));
}

function tableOf(host: Host): { name: string; text: string }[] {
  const table = host.binfmt.table();
  return table.list().map((name) => ({ name, text: table.read(name) }));
}

function clear(): void {
  for (const { binfmt, files } of [fake, real]) {
    for (const command of ['1', '-1'])
      files.writeOnce(`${binfmt.path}/status`, new TextEncoder().encode(command));
  }
}
