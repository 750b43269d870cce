import { symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isShellText } from '../../src/registration/shell-text.ts';
import { messagesFor, type FileSort } from '../../src/registration/seen-messages.ts';
import { run } from '../support/command.ts';
import { nativeProgram } from '../support/native-program.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const directory = temporaryDirectory('messages');

/** A program for a machine that does not exist: whatever is registered here, nothing takes it. */
function unknownProgram(): Uint8Array {
  const program = Uint8Array.from(nativeProgram(0));
  program.set([0xfe, 0xfe], 18);
  return program;
}

const files: Record<string, () => void> = {
  unknown: () => {
    writeFileSync(`${directory}/unknown`, unknownProgram(), { mode: 0o755 });
  },
  'no-interpreter': () => {
    writeFileSync(`${directory}/no-interpreter`, `#!${directory}/missing\n`, { mode: 0o755 });
  },
  missing: () => undefined,
  forbidden: () => {
    writeFileSync(`${directory}/forbidden`, nativeProgram(0), { mode: 0o644 });
  },
  circle: () => {
    symlinkSync('circle', `${directory}/circle`);
  },
};

const shells = { bash: 'bash', 'sh (dash)': 'dash' };

test.each<[string, string, FileSort]>([
  ['unknown', 'ENOEXEC', 'program'],
  ['no-interpreter', 'ENOENT', 'program'],
  ['missing', 'ENOENT', 'missing'],
  ['forbidden', 'EACCES', 'program'],
  ['circle', 'ELOOP', 'program'],
])('what shells print for the file %s', async (name, errno, sort) => {
  files[name]?.();
  const path = `${directory}/${name}`;
  const messages = messagesFor(errno, path, sort);
  for (const [by, shell] of Object.entries(shells)) {
    const expected = messages.find((message) => message.by === by);
    const { exitCode, stderr } = await run([shell, '-c', `${path}; exit $?`]);
    expect(stderr).toContain(expected?.message ?? 'a message');
    expect(exitCode).toBe(expected?.exitCode);
  }
});

const echo = 'echo hi\n';

test.each([
  ['text', echo],
  ['an empty file', ''],
  ['an empty #! line', `#!\n${echo}`],
  ['NUL in the second line', `${echo}\0\n`],
  ['NUL in the first line', `a\0b\n${echo}`],
  ['NUL as byte 127', `true ${'x'.repeat(122)}\0\n${echo}`],
  ['NUL as byte 128', `true ${'x'.repeat(123)}\0\n${echo}`],
  ['the ELF magic', `\x7fELF\n${echo}`],
  ['other bytes', 'MZ\x90\0\x03\0'],
])('whether shells run as a script: %s', async (name, content) => {
  const path = `${directory}/${name.replaceAll(/\W/g, '-')}`;
  const bytes = Buffer.from(content, 'latin1');
  writeFileSync(path, bytes, { mode: 0o755 });
  const isText = isShellText(bytes);
  const messages = messagesFor('ENOEXEC', path, isText ? 'shell text' : 'program');
  for (const [by, shell] of Object.entries(shells)) {
    const expected = messages.find((message) => message.by === by);
    expect(expected === undefined).toBe(isText);
    const { exitCode, stdout, stderr } = await run([shell, '-c', `${path}; exit $?`]);
    expect(exitCode).toBe(expected?.exitCode ?? 0);
    expect(stderr).toContain(expected?.message ?? '');
    expect(stdout.includes('hi')).toBe(isText && content.includes(echo));
  }
});
