import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { symptoms, type Symptom } from '../symptom.ts';
import { readMessage } from './read-message.ts';
import { toolPatterns } from './patterns/index.ts';

const all = toolPatterns.flatMap(({ tool, patterns }) =>
  patterns.flatMap((pattern) => pattern.examples.map((example) => ({ tool, pattern, example }))),
);

describe('every pattern understands its examples', () => {
  test.each(all)('$example', ({ pattern, example }) => {
    expect(readMessage(example).symptoms).toEqual(expect.arrayContaining([...pattern.symptoms]));
  });
});

test.each(all.filter(({ tool, pattern }) => tool !== undefined && pattern.precision === 'exact'))(
  '$tool printed $example',
  ({ tool, pattern, example }) => {
    const read = readMessage(example);
    expect(read.tool).toBe(tool);
    expect(pattern.symptoms).toContain(read.symptoms[0]);
  },
);

it('knows a message for every symptom', () => {
  const readable = new Set(all.flatMap(({ pattern }) => pattern.symptoms));
  expect(Object.keys(symptoms).filter((symptom) => !readable.has(symptom as Symptom))).toEqual([]);
});

it('finds program and architecture', () => {
  expect(readMessage('exec /usr/bin/uname: exec format error').program).toBe('/usr/bin/uname');
  expect(
    readMessage("qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory"),
  ).toMatchObject({
    tool: 'qemu',
    program: '/lib/ld-linux-aarch64.so.1',
    architectures: ['aarch64'],
    symptoms: ['loader-not-found', 'no-such-file'],
  });
});

it('tells the foreign platform from the host’s', () => {
  const text =
    "WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3) and no specific platform was requested\nexec /usr/bin/uname: exec format error\n";
  expect(readMessage(text)).toMatchObject({
    symptoms: ['exec-format-error', 'wrong-platform'],
    architectures: ['aarch64'],
    program: '/usr/bin/uname',
  });
});

it('takes no guest from the name of an emulator that does not run itself', () => {
  expect(readMessage('zsh: exec format error: ./qemu-aarch64-static')).toMatchObject({
    program: './qemu-aarch64-static',
    architectures: [],
  });
  expect(readMessage('qemu-aarch64-static: /bin/x: Incomplete read of file header').architectures).toEqual([
    'aarch64',
  ]);
});

it('takes the architecture from the command that was typed when nothing else names it', () => {
  const text = '$ docker run --platform linux/s390x x uname\nexec /bin/uname: exec format error';
  expect(readMessage(text).architectures).toEqual(['s390x']);
  expect(readMessage('exec /bin/uname: exec format error').architectures).toEqual([]);
});

it('puts what only a fault prints before words of harmless lines', () => {
  const noise = Array.from({ length: 40 }, (_, index) => `stat /x/${index}: no such file or directory`);
  const text = [...noise, '#5 0.212 exec /bin/sh: exec format error', 'permission denied'].join('\n');
  expect(readMessage(text).symptoms[0]).toBe('exec-format-error');
});

it('reads through colours, JSON and carriage returns', () => {
  const coloured = '\u001b[31mexec /bin/sh:\u001b[0m exec format error\r\n';
  const json = JSON.stringify({ log: coloured, stream: 'stderr' });
  const twice = JSON.stringify(JSON.stringify(`runc: exec: "/x": permission denied`));
  expect(readMessage(coloured)).toMatchObject({ program: '/bin/sh', tool: 'runc' });
  expect(readMessage(json)).toMatchObject({ program: '/bin/sh', symptoms: ['exec-format-error'] });
  expect(readMessage(`downloading\rexec /bin/sh: exec format error`).program).toBe('/bin/sh');
  expect(readMessage(twice).symptoms).toEqual(['permission-denied']);
});

it('takes silence for the symptom that it is', () => {
  expect(readMessage('\n \n').symptoms).toEqual(['runs-nothing']);
});

it('understands nothing in a text without a fault', () => {
  const read = readMessage('Hello from Docker!\nThis message shows that your installation works.\n');
  expect(read).toMatchObject({ symptoms: [], tool: undefined, program: undefined, lines: [] });
});

it('is quick and small whatever it is given', () => {
  const hostile = [
    'a'.repeat(1 << 20),
    'exec '.repeat(1 << 18),
    '\u001b]'.repeat(1 << 18),
    'avc: denied { '.repeat(1 << 16),
    '\\'.repeat(1 << 20),
    'qemu-'.repeat(1 << 18),
    `${'x\n'.repeat(1 << 19)}exec /bin/sh: exec format error`,
  ];
  for (const text of hostile) {
    const start = performance.now();
    expect(readMessage(text).text.length).toBeLessThan(6 * 64 * 1024);
    expect(performance.now() - start).toBeLessThan(3000);
  }
  expect(readMessage(hostile.at(-1) ?? '').program).toBe('/bin/sh');
});

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5000 }),
  fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc
    .array(fc.oneof(fc.constantFrom(...all.map(({ example }) => example)), fc.string()), { maxLength: 30 })
    .map((parts) => parts.join('')),
);

test('never throws, shows nothing that a terminal acts upon, and names known symptoms only', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const read = readMessage(text);
      const shown = [read.text, ...read.lines, read.program ?? ''].join('\n');
      // eslint-disable-next-line no-control-regex -- control characters are what it is about
      expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
      for (const symptom of read.symptoms) expect(symptoms).toHaveProperty(symptom);
    }),
    { numRuns: 300 },
  );
});

test('finds a message wherever it stands among other lines', () => {
  const line = fc
    .string({ unit: 'grapheme-ascii', maxLength: 80 })
    .filter((text) => !/error|denied|\\/i.test(text));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), fc.array(line, { maxLength: 200 }), (before, after) => {
      const text = [...before, 'exec /usr/bin/uname: exec format error', ...after].join('\n');
      expect(readMessage(text).symptoms).toContain('exec-format-error');
    }),
  );
});
