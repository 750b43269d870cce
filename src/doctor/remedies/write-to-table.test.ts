import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { typedCommand } from '../typed-command.ts';
import { writeToTable } from './write-to-table.ts';

it.each(['qemu-arm', 'my qemu;touch pwned;', '$(touch pwned)', "it's", '`touch pwned`', 'a"b', 'x > pwned'])(
  'writes to an entry named %s and does nothing else, as argument vector and as typed',
  (name) => {
    const directory = mkdtempSync(join(tmpdir(), 'anyarch-'));
    try {
      const command = writeToTable('-1', `${directory}/${name}`);
      const [program, ...args] = command;
      expect(spawnSync(program, args, { cwd: directory }).status).toBe(0);
      expect(readdirSync(directory)).toEqual([name]);
      const typed = typedCommand({ command }, true) ?? '';
      expect(spawnSync('sh', ['-c', typed], { cwd: directory }).status).toBe(0);
      expect(readdirSync(directory)).toEqual([name]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

it('leaves ordinary paths as they are', () => {
  expect(writeToTable('0', '/proc/sys/fs/binfmt_misc/qemu-arm')).toEqual([
    'sh',
    '-c',
    'echo 0 > /proc/sys/fs/binfmt_misc/qemu-arm',
  ]);
});
