import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exampleRecord } from '../../src/machine/life/testing/example-machine.ts';
import { anyarch, executable } from '../support/engines/cli.ts';
import { succeed } from '../support/command.ts';
import { temporaryDirectory } from '../support/temporary.ts';

let directory: string;
let home: string;
beforeAll(() => {
  home = temporaryDirectory('home');
  directory = temporaryDirectory('completion');
  writeFileSync(`${directory}/a file`, '');
  mkdirSync(`${directory}/dir`);
});

/** What bash offers for the last word, which the cursor is behind. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `set -u; source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _anyarch; printf '%s\\n' "\${COMPREPLY[@]+\${COMPREPLY[@]}}"`;
  writeFileSync(`${directory}/../script.bash`, (await succeed([executable, 'completion', 'bash'])).stdout);
  const { stdout, stderr } = await succeed(
    ['bash', '-c', script, `${directory}/../script.bash`, 'anyarch', ...words],
    { directory, environment: { ...process.env, ANYARCH_HOME: home, PATH: pathToAnyarch() } },
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

/** The script starts the command that it is of. */
function pathToAnyarch(): string {
  return `${dirname(executable)}:${process.env['PATH'] ?? ''}`;
}

describe('completion in bash', () => {
  it('offers commands', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['run', 'emulators', 'help', '--version']));
    expect(await offered('help', '')).toEqual(expect.arrayContaining(['run', 'emulators', 'completion']));
    expect(await offered('help', 'stat')).toEqual(['status']);
    expect(await offered('emulators', '')).toEqual(['list', 'fetch', 'verify']);
    expect(await offered('help', 'emulators', 'f')).toEqual(['fetch']);
    expect(await offered('help', 'run', '')).toEqual([]);
  });

  it('offers the choices of an argument', async () => {
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers architectures where one is wanted', async () => {
    expect(await offered('register', 'arm6')).toEqual(['arm64']);
    expect(await offered('register', 'a')).toContain('all');
    expect(await offered('run', '-a', 'riscv6')).toEqual(['riscv64']);
    expect(await offered('run', '--arch', '=', 'riscv6')).toEqual(['riscv64']);
    expect(await offered('run', '-a', 'al')).not.toContain('all');
  });

  it('offers names with a slash', async () => {
    expect(await offered('register', 'linux/arm6')).toEqual(['linux/arm64', 'linux/arm64be']);
    expect(await offered('run', '-a', 'arm/v7')).toEqual(['arm/v7']);
    expect(await offered('register', '')).not.toContain('linux/arm64');
  });

  it.each([
    ['emulators', 'fetch', '--suite', ''],
    ['emulators', 'fetch', '--version', ''],
    ['emulators', 'fetch', '--mirror', '='],
    ['run', '-e', ''],
    ['run', '--env', ''],
    ['run', '-w', ''],
  ])('offers nothing where only the user can know: %s %s %s', async (...words) => {
    expect(await offered(...words)).toEqual([]);
  });

  it('offers files and directories', async () => {
    expect((await offered('register', '--qemu', '')).sort()).toEqual(['a file', 'dir']);
    expect(await offered('run', '--rootfs', '')).toEqual(['dir']);
    expect(await offered('explain', 'a')).toEqual(['a file']);
  });

  it('offers machines where one is wanted', async () => {
    for (const name of ['demo', 'other']) mkdirSync(`${home}/machines/${name}`, { recursive: true });
    expect(await offered('machine', 'stop', '')).toEqual(['demo', 'other']);
    expect(await offered('machine', 'shell', 'de')).toEqual(['demo']);
    expect(await offered('machine', 'create', 'new', '--from', 'o')).toEqual(['other']);
    expect(await offered('machine', 'create', 'd')).toEqual([]);
    expect((await offered('machine', 'shell', 'demo', '')).sort()).toEqual(['a file', 'dir']);
  });

  it('offers snapshots of the machine that was named, where there has to be one', async () => {
    const machine = `${home}/machines/snapped`;
    for (const [index, name] of ['base', 'before-upgrade'].entries()) {
      mkdirSync(`${machine}/snapshots/${name}`, { recursive: true });
      const document = { schema: 'anyarch/machine-snapshot/1', name, createdMs: index };
      writeFileSync(
        `${machine}/snapshots/${name}/snapshot.json`,
        JSON.stringify({ ...document, layer: `${home}/machine-layers/${name}`, diskBytes: 1 }),
      );
    }
    writeFileSync(`${machine}/machine.json`, JSON.stringify({ ...exampleRecord, name: 'snapped' }));
    const snapshot = (...words: string[]): Promise<string[]> => offered('machine', 'snapshot', ...words);
    expect(await snapshot('')).toEqual(['save', 'restore', 'list', 'remove']);
    expect(await snapshot('restore', 'sn')).toEqual(['snapped']);
    expect(await snapshot('restore', 'snapped', '')).toEqual(['base', 'before-upgrade']);
    expect(await snapshot('remove', '--no-fetch', 'snapped', 'be')).toEqual(['before-upgrade']);
    expect(await snapshot('restore', '--mirror', '=', 'x', 'snapped', 'ba')).toEqual(['base']);
    expect(await snapshot('restore', '--mirror', 'http', ':', '//x', 'snapped', 'ba')).toEqual(['base']);
    expect(await snapshot('save', 'snapped', '')).toEqual([]);
    expect(await snapshot('restore', 'nobody', '')).toEqual([]);
  });

  it('offers for each argument what it is', async () => {
    expect(await offered('export', '')).toEqual(['systemd', 'debian']);
    expect(await offered('export', 'systemd', 's390')).toEqual(['s390x']);
    expect(await offered('export', 'systemd', 's390x', 'riscv6')).toEqual(['riscv64']);
    expect(await offered('unregister', 'arm64', 'riscv6')).toEqual(['riscv64']);
    expect((await offered('machine', 'copy', 'dir', '')).sort()).toEqual(['a file', 'dir']);
    expect(await offered('completion', 'bash', '')).not.toContain('zsh');
    expect(await offered('machine', 'resize', 'demo', '')).toEqual([]);
  });

  it('takes for one word what bash has split', async () => {
    const one = (...words: string[]): Promise<string[]> => offered('machine', ...words, 'dem');
    mkdirSync(`${home}/machines/demo`, { recursive: true });
    expect(await one('start', '--mirror', 'http', ':', '//host', ':', '80/debian')).toEqual(['demo']);
    expect(await one('set', '--port', '8080', ':', '80')).toEqual(['demo']);
    expect(await one('set', '--port', '=', '8080', ':', '80')).toEqual(['demo']);
    const pulled = ['image', 'pull', 'localhost', ':', '5000/a', '@', 'sha256', ':', '1'];
    expect(await offered(...pulled, '')).toEqual(['dir']);
    expect(await offered('run', '-e', 'A', '=', 'B', '-a', 'riscv6')).toEqual(['riscv64']);
    expect(await offered('run', '-e', 'A', '=', 'B', 'ls', '-a')).toEqual([]);
  });

  it('offers arguments and commands behind what is both', async () => {
    expect(await offered('watch', 'en')).toEqual(['enable']);
    expect(await offered('watch', 'arm6')).toEqual(['arm64']);
    expect(await offered('watch', 'arm64', 'riscv6')).toEqual(['riscv64']);
    expect(await offered('watch', '--int')).toEqual(['--interval']);
    expect(await offered('watch', 'enable', '--int')).toEqual(['--interval']);
    expect(await offered('help', 'watch', '')).toEqual(['enable', 'disable', 'status']);
    expect(await offered('help', 'watch', 'enable', '')).toEqual([]);
  });

  it('offers options', async () => {
    expect(await offered('status', '--pr')).toEqual(['--probe']);
    expect(await offered('status', '')).toContain('--json');
    expect(await offered('run', '-a', 's390x', '--ro')).toEqual(['--rootfs']);
  });

  it("leaves the guest's words alone", async () => {
    expect(await offered('run', '-a', 's390x', '--', 'd')).toEqual(['dir']);
    expect(await offered('run', '--env', '=', 'A', 'ls', '--ro')).toEqual([]);
    expect(await offered('exec', './hello', '-')).toEqual([]);
    expect(await offered('machine', 'shell', 'demo', 'ls', '--no')).toEqual([]);
    expect(await offered('machine', 'shell', '--no-f')).toEqual(['--no-fetch']);
  });
});

describe('--json', () => {
  it.each([
    [['--help'], { schema: 'anyarch/help/1' }],
    [['run', '--help'], { schema: 'anyarch/help/1', command: 'run' }],
    [['help', 'status'], { schema: 'anyarch/help/1', command: 'status' }],
    [['completion', 'fish'], { schema: 'anyarch/completion/1', name: 'fish' }],
  ])('gives one document for %j', async (words, document) => {
    const plain = await anyarch(words);
    const { exitCode, json } = await anyarch([...words, '--json']);
    expect(exitCode).toBe(0);
    expect(json()).toEqual({ ...document, text: plain.stdout });
  });
});
