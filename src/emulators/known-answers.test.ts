import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../core/text.ts';
import { fakeHost } from '../host/testing/index.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { withKnownAnswers } from './known-answers.ts';

const program = '/usr/bin/qemu-aarch64';

function asked(exitCode = 0): {
  readonly host: FakeHost;
  readonly ask: () => string;
  readonly runs: () => number;
} {
  const host = fakeHost();
  host.files.addFile(program, 'emulator', { mode: 0o755 });
  let runs = 0;
  host.processes.run = (command) => {
    runs += 1;
    return {
      command,
      exitCode,
      signal: undefined,
      startError: undefined,
      timedOut: false,
      stdout: `answer ${runs}`,
      stderr: '',
      durationMs: 3,
    };
  };
  const ask = (): string =>
    withKnownAnswers(host, '/state', ({ processes }) => processes.run([program, '--version']).stdout);
  return { host, ask, runs: () => runs };
}

describe('withKnownAnswers', () => {
  it('asks a file once, until it is another one', () => {
    const { host, ask, runs } = asked();
    expect([ask(), ask(), ask()]).toEqual(['answer 1', 'answer 1', 'answer 1']);
    host.files.addFile(program, 'another', { mode: 0o755 });
    expect([ask(), ask(), runs()]).toEqual(['answer 2', 'answer 2', 2]);
  });

  it('asks again whoever failed, and everybody when what it knows is damaged', () => {
    const failing = asked(1);
    expect([failing.ask(), failing.ask()]).toEqual(['answer 1', 'answer 2']);
    const { host, ask } = asked();
    ask();
    for (const damage of ['{', '[]', '{"schema":2,"files":{}}', `{"schema":1,"files":{"${program}":{}}}`]) {
      host.files.addFile('/state/answers.json', damage);
      expect(ask()).not.toBe('answer 1');
      expect(decodeUtf8(host.files.read('/state/answers.json'))).toContain('answer');
    }
  });

  it('does without where nothing can be kept, and lets other commands through', () => {
    const { host, ask } = asked();
    host.files.fail({ errno: 'EROFS', method: 'writeAtomic' });
    expect([ask(), ask()]).toEqual(['answer 1', 'answer 2']);
    const other = (): string =>
      withKnownAnswers(host, '/state', ({ processes }) => processes.run([program, '--help']).stdout);
    expect([other(), other()]).toEqual(['answer 3', 'answer 4']);
  });
});
