import { expect, it } from 'vitest';
import { describeWith, needs } from '../support/engines/requirements.ts';
import {
  exitsWith42,
  foreignCommand,
  foreignProgram,
  mustRun,
  writeToTable,
} from '../support/faults/foreign.ts';
import { privateLaboratory, type Laboratory } from '../support/faults/laboratory.ts';

interface FixDocument {
  readonly causes: readonly string[];
  readonly fixes: readonly {
    readonly id: string;
    readonly status: string;
    readonly command: readonly string[];
  }[];
}

async function doctorOf(laboratory: Laboratory, ...args: readonly string[]): Promise<FixDocument> {
  const file = foreignProgram(laboratory.directory);
  return (await laboratory.anyarch(['doctor', '--file', file, '--json', ...args])).json() as FixDocument;
}

/** A table that has something, but nothing for s390x. */
async function withoutS390x(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  await mustRun(laboratory, 'register', 'arm64');
  return laboratory;
}

async function runs(laboratory: Laboratory): Promise<boolean> {
  return exitsWith42(await laboratory.run(foreignCommand(laboratory)));
}

describeWith([needs.qemu, needs.hostTable], 'anyarch doctor --fix', () => {
  it('shows with --dry-run what it would do, and does it without', async () => {
    const laboratory = await withoutS390x();
    try {
      expect(await doctorOf(laboratory, '--fix', '--dry-run')).toMatchObject({
        causes: expect.arrayContaining(['entry-missing']) as unknown,
        fixes: [{ id: 'entry-missing', status: 'planned', command: ['anyarch', 'register', 's390x'] }],
      });
      expect(await runs(laboratory)).toBe(false);
      const { fixes, causes } = await doctorOf(laboratory, '--fix');
      expect(fixes).toMatchObject([{ id: 'entry-missing', status: 'applied' }]);
      expect(causes).not.toContain('entry-missing');
      expect(await runs(laboratory)).toBe(true);
    } finally {
      await laboratory.close();
    }
  });

  it('finds nothing to do where all is well, and ends with 0', async () => {
    const laboratory = await privateLaboratory();
    try {
      await mustRun(laboratory, 'register', 's390x');
      const before = await laboratory.run(['cat', '/proc/sys/fs/binfmt_misc/anyarch-s390x']);
      const file = foreignProgram(laboratory.directory);
      const result = await laboratory.anyarch(['doctor', '--file', file, '--fix', '--json']);
      expect({ exitCode: result.exitCode, fixes: (result.json() as FixDocument).fixes }).toEqual({
        exitCode: 0,
        fixes: [],
      });
      const after = await laboratory.run(['cat', '/proc/sys/fs/binfmt_misc/anyarch-s390x']);
      expect(after.stdout).toBe(before.stdout);
    } finally {
      await laboratory.close();
    }
  });

  it("leaves others' entries as they are", async () => {
    const laboratory = await privateLaboratory();
    const others = ':others:E::nonsense::/bin/true:';
    try {
      await writeToTable(laboratory, 'register', others);
      await doctorOf(laboratory, '--fix');
      const kept = await laboratory.run(['cat', '/proc/sys/fs/binfmt_misc/others']);
      expect(kept.stdout).toContain('interpreter /bin/true');
      expect(await runs(laboratory)).toBe(true);
    } finally {
      await laboratory.close();
    }
  });

  it('takes the message from a pipe without being told, and shows what it does before it does it', async () => {
    const laboratory = await withoutS390x();
    try {
      const line = 'bash -c "$0" 2>&1 | anyarch doctor --fix --file "$0"';
      const told = await laboratory.run(['bash', '-c', line, foreignProgram(laboratory.directory)]);
      expect(told.stdout).toContain('Message    exec format error (ENOEXEC), from bash');
      expect(told.stderr).toContain('applying: anyarch register s390x  (entry-missing');
      expect(told.stdout).toContain('applied anyarch register s390x');
      expect(await runs(laboratory)).toBe(true);
    } finally {
      await laboratory.close();
    }
  });

  it('repairs nothing where the page cannot be written, and tells all where writing it fails later', async () => {
    const laboratory = await withoutS390x();
    try {
      const { directory } = laboratory;
      const file = foreignProgram(directory);
      const doctor = (page: string) =>
        laboratory.anyarch(['doctor', '--file', file, '--fix', '--html', page, '--json']);
      const refused = await doctor(`${directory}/none/page.html`);
      expect(refused.stdout).toContain('none/page.html');
      expect(refused.stderr).not.toContain('applying');
      expect(await runs(laboratory)).toBe(false);

      // A FIFO is something to write into; that nobody reads it shows at the end.
      await laboratory.run(['mkfifo', `${directory}/fifo`]);
      const unread = await doctor(`${directory}/fifo`);
      expect(unread.json()).toMatchObject({
        fixes: [{ id: 'entry-missing', status: 'applied' }],
        htmlError: { code: 'ANYARCH_FILE' },
      });
      expect(unread.stderr).toContain('nobody reads');
      expect(unread.exitCode).not.toBe(0);
      expect(await runs(laboratory)).toBe(true);
    } finally {
      await laboratory.close();
    }
  });
});
