import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { readMessage, type Symptom } from '../../src/doctor/index.ts';
import { run } from '../support/command.ts';
import { executable, offline } from '../support/engines/cli.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const perl = 'use warnings; exec { $ARGV[0] } $ARGV[0]';

/** Programs that execute another one, and who speaks where it is foreign: most have a shell read what the kernel refuses. */
const tools: readonly (readonly [tool: string, command: (path: string) => readonly string[]])[] = [
  ['bash', (path) => ['bash', '-c', path]],
  ['dash', (path) => ['chroot', '/', path]],
  ['dash', (path) => ['timeout', '5', path]],
  ['dash', (path) => ['bwrap', '--dev-bind', '/', '/', path]],
  ['dash', (path) => ['make', '-C', dirname(path), `PROGRAM=${path}`]],
  ['dash', (path) => [process.execPath, '-e', 'child_process.execFileSync(process.argv[1])', path]],
  ['dash', (path) => ['perl', '-e', perl, path]],
];

describe('what real programs print is understood', () => {
  let directory: string;
  const path = (name: string): string => join(directory, name);

  beforeAll(() => {
    directory = temporaryDirectory('messages');
    // A processor that nobody has and nobody registers.
    const unknown = buildProbe('s390x').slice();
    unknown.set([0xfe, 0xed], 18);
    writeFileSync(path('foreign'), unknown, { mode: 0o755 });
    writeFileSync(path('script'), '#!/no/such/interpreter\n', { mode: 0o755 });
    writeFileSync(path('forbidden'), unknown, { mode: 0o644 });
    writeFileSync(path('Makefile'), 'all:\n\t@$(PROGRAM)\n');
    symlinkSync('loop', path('loop'));
  });

  const cases: readonly (readonly [file: string, symptom: Symptom])[] = [
    ['foreign', 'exec-format-error'],
    ['script', 'no-such-file'],
    ['forbidden', 'permission-denied'],
    ['loop', 'too-many-links'],
  ];

  it.each(
    tools.flatMap(([tool, command]) =>
      cases.map(([file, symptom]) => ({ tool, command, file, symptom, by: command('')[0] })),
    ),
  )('$file, started by $by', async ({ tool, command, file, symptom }) => {
    const environment = { ...process.env, LC_ALL: 'C' };
    const { stdout, stderr } = await run(command(path(file)), { environment });
    const read = readMessage(`${stdout}${stderr}`);
    expect({ tool: read.tool, symptoms: read.symptoms, stderr }).toMatchObject({
      symptoms: expect.arrayContaining([symptom]) as unknown,
      ...(file === 'foreign' ? { tool } : {}),
    });
  });
});

function messageOf(stdout: string): object {
  return (JSON.parse(stdout) as { asked: { message: object } }).asked.message;
}

describe('a message on standard input', () => {
  const environment = { ...process.env, ...offline };
  const shell = (line: string) =>
    run(['bash', '-c', line, executable], {
      environment: { ...environment, ANYARCH_HOME: temporaryDirectory('home') },
    });

  it('may be huge and binary', async () => {
    const line = `{ head -c 30000000 /dev/urandom; printf '\\nexec /bin/x: exec format error\\n'; } | "$0" doctor --json`;
    const { stdout, exitCode } = await shell(line);
    const { asked } = JSON.parse(stdout) as { asked: { message: { symptoms: string[]; program: string } } };
    expect(asked.message.program).toBe('/bin/x');
    expect(asked.message.symptoms[0]).toBe('exec-format-error');
    expect(exitCode).toBeLessThan(2);
  });

  it('may be empty: of a pipe it is none, asked for it is the symptom', async () => {
    const none = JSON.parse((await shell('"$0" doctor --json < <(true)')).stdout) as { asked: object };
    expect(none.asked).not.toHaveProperty('message');
    const empty = JSON.parse((await shell('"$0" doctor --json --error - </dev/null')).stdout) as {
      asked: { message: { symptoms: string[] } };
    };
    expect(empty.asked.message.symptoms).toEqual(['runs-nothing']);
  });

  it('is found in the middle of a long log', async () => {
    const line = `{ seq 1 12000; echo 'exec /bin/sh: exec format error'; seq 20000 200000; } | "$0" doctor --json`;
    expect(messageOf((await shell(line)).stdout)).toMatchObject({ symptoms: ['exec-format-error'] });
  });

  it('may come through a socket, as Node’s spawnSync and Python give it', () => {
    const { stdout } = spawnSync(executable, ['doctor', '--json'], {
      input: 'exec /bin/x: exec format error\n',
      env: { ...environment, ANYARCH_HOME: temporaryDirectory('home') },
      encoding: 'utf8',
    });
    expect(messageOf(stdout)).toMatchObject({ program: '/bin/x', symptoms: ['exec-format-error'] });
  });

  it('is not awaited for ever on a socket, and that is said', async () => {
    const child = spawn(executable, ['doctor', '--json'], {
      env: { ...environment, ANYARCH_HOME: temporaryDirectory('home') },
      stdio: 'pipe',
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(stderr).toContain('nothing came on standard input');
    expect((JSON.parse(stdout) as { asked: object }).asked).not.toHaveProperty('message');
  });

  it('may be endless: it is read up to a limit, and that is said', async () => {
    const { stdout, stderr } = await shell(
      `{ echo 'exec /bin/x: exec format error'; yes; } | "$0" doctor --json`,
    );
    expect(stderr).toContain('was read up to 128 MiB');
    expect(messageOf(stdout)).toMatchObject({ program: '/bin/x' });
  });

  it('is none where standard input cannot be read, and refused where it was asked for', async () => {
    const none = await shell('"$0" doctor --json 0>"$(mktemp -p "$ANYARCH_HOME")"');
    expect((JSON.parse(none.stdout) as { asked: object }).asked).not.toHaveProperty('message');
    const asked = await shell('"$0" doctor --error - 0>"$(mktemp -p "$ANYARCH_HOME")"');
    expect(asked.stderr).toContain('[ANYARCH_USAGE]');
    expect(asked.exitCode).toBe(2);
  });

  it('that does not come is said to be awaited, and a signal ends it', async () => {
    const child = spawn('bash', ['-c', 'sleep 60 | exec "$0" doctor', executable], {
      env: { ...environment, ANYARCH_HOME: temporaryDirectory('home') },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const ended = once(child, 'exit');
    let told = '';
    for await (const chunk of child.stderr) {
      told += String(chunk);
      if (told.includes('reading a message')) process.kill(-(child.pid ?? 0), 'SIGTERM');
    }
    await ended;
    expect(told).toContain('reading a message from standard input');
    expect(told).not.toContain('bug');
  });
});
