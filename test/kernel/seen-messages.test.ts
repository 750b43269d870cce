import { symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messagesFor } from '../../src/registration/seen-messages.ts';
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

test.each([
  ['unknown', 'ENOEXEC', true],
  ['no-interpreter', 'ENOENT', true],
  ['missing', 'ENOENT', false],
  ['forbidden', 'EACCES', true],
  ['circle', 'ELOOP', true],
])('what shells print for the file %s', async (name, errno, isThere) => {
  files[name]?.();
  const path = `${directory}/${name}`;
  const messages = messagesFor(errno, path, isThere);
  for (const [by, shell] of Object.entries(shells)) {
    const expected = messages.find((message) => message.by === by);
    const { exitCode, stderr } = await run([shell, '-c', `${path}; exit $?`]);
    expect(stderr).toContain(expected?.message ?? 'a message');
    expect(exitCode).toBe(expected?.exitCode);
  }
});
