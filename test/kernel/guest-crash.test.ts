import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { anyarch, executable, offline } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { run, succeed } from '../support/command.ts';
import { allProcesses, commandLine } from '../support/processes.ts';
import { buildGuest } from '../support/stall/guest.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const tools = {
  missing: () =>
    ['/usr/bin/aarch64-linux-gnu-gcc', '/usr/bin/gdb-multiarch'].every((path) => existsSync(path))
      ? undefined
      : 'needs gcc-aarch64-linux-gnu and gdb-multiarch',
};

describeWith([needs.qemu, tools], 'guests that end badly', () => {
  let guest: string;
  let home: string;

  beforeAll(async () => {
    home = temporaryDirectory('home');
    guest = await buildGuest(temporaryDirectory('crash'));
  });

  it('say nothing more when they failed by themselves', async () => {
    expect(await anyarch(['exec', '--explain-crash', guest, 'fail'], { home })).toMatchObject({
      exitCode: 3,
      stderr: '',
    });
  });

  it('are told from an emulator that failed, where that was asked for', async () => {
    const plain = await anyarch(['exec', guest, 'x'], { home });
    expect(plain).toMatchObject({
      exitCode: 139,
      stderr: expect.stringContaining('--explain-crash tells them apart') as string,
    });
    const explained = await anyarch(['exec', '--explain-crash', guest, 'x'], { home });
    expect(explained).toMatchObject({
      exitCode: 139,
      stderr: expect.stringContaining('was ended by SIGSEGV in its own code, under qemu-aarch64') as string,
    });
    // What it printed is passed on.
    expect(explained.stderr).toMatch(/^qemu: uncaught target signal 11/);
  });

  it('are told from those that end themselves', async () => {
    expect(await anyarch(['exec', '--explain-crash', guest, 'abort'], { home })).toMatchObject({
      exitCode: 134,
      stderr: expect.stringContaining('ended itself (SIGABRT)') as string,
    });
  });

  it('are not blamed for a fault of the emulator', async () => {
    const child = spawn(executable, ['exec', '--explain-crash', guest, 'hang'], {
      env: { ...process.env, ...offline, ANYARCH_HOME: home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    const pid = await emulatorOf(guest);
    // The emulator jumps to where no code is, as by a fault of its own.
    const jump = ['-ex', 'set $pc = 0x20', '-ex', 'detach'];
    await succeed(['gdb-multiarch', '-q', '-nx', '-batch', '-p', `${pid}`, ...jump]);
    expect(await ended).toBe(139);
    expect(printed).toContain('QEMU internal SIGSEGV');
    expect(printed).toContain('the emulator itself failed (qemu-aarch64');
  });

  it('can be looked into with gdb', async () => {
    const child = spawn(executable, ['debug', guest, 'x'], {
      env: { ...process.env, ...offline, ANYARCH_HOME: home },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    const words = await shown(() => printed);
    const [program = '', ...rest] = words;
    const script = ['-ex', 'break crash', '-ex', 'continue', '-ex', 'backtrace', '-ex', 'kill'];
    const debugged = await run([program, '-q', '-nx', '-batch', ...withScript(rest, script)]);
    await ended;
    expect(debugged.stdout).toMatch(/Breakpoint 1, crash \(\) at .*guest\.c/);
    expect(debugged.stdout).toMatch(/#1 .* begin /);
    expect(existsSync(/target remote ([^']+)/.exec(words.join(' '))?.[1] ?? '')).toBe(false);
  });
});

/** The command line that was shown, taken apart as a shell does. */
async function shown(printed: () => string): Promise<string[]> {
  for (let turn = 0; turn < 200; turn += 1) {
    const line = /^ {2}(gdb-multiarch .*)$/m.exec(printed())?.[1];
    const socket = /target remote ([^']+)'/.exec(line ?? '')?.[1];
    if (line !== undefined && socket !== undefined && existsSync(socket))
      return (await succeed(['sh', '-c', `printf '%s\\n' ${line}`])).stdout.trimEnd().split('\n');
    await sleep(50);
  }
  throw new Error(`no command was shown: ${printed()}`);
}

/** gdb's own command ends with the program: what it is to do comes before that. */
function withScript(words: readonly string[], script: readonly string[]): string[] {
  return [...words.slice(0, -1), words.at(-1) ?? '', ...script];
}

async function emulatorOf(guest: string): Promise<number> {
  for (let turn = 0; turn < 200; turn += 1) {
    const found = allProcesses().find(
      (pid) => /^\S*qemu-aarch64\S* .*guest/.test(commandLine(pid)) && commandLine(pid).includes(guest),
    );
    if (found !== undefined) {
      // Past its start.
      await sleep(300);
      return found;
    }
    await sleep(20);
  }
  throw new Error(`${guest} was not started`);
}
