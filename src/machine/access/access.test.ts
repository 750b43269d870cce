import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guestCommand, signalCommand } from './guest-command.ts';
import { parseCopy, parseLocation } from './location.ts';
import { passedCommand } from './long-command.ts';
import { stateOf } from './master.ts';
import { withGuest } from '../readiness/testing/with-guest.ts';
import { readLine } from './read-line.ts';
import { sshCommand } from './ssh-command.ts';

const machine = {
  record: {
    id: '0198',
    name: 'demo',
    definition: 'arm64',
    access: { user: 'me', key: '/state/50%/ssh/id_ed25519' },
  },
  places: { ssh: '/state/50%/ssh' },
};

describe('ssh', () => {
  const words = sshCommand(machine, { sshPort: 4711, sockets: '/run/m/1' }, { words: ['true'] });

  it('knows the guest by its id, whatever the port, and nobody else', () => {
    expect(words).toContain('StrictHostKeyChecking=yes');
    expect(words).toContain('HostKeyAlias=0198');
    expect(words).toContain('UserKnownHostsFile="/state/50%%/ssh/known_hosts"');
    expect(words.slice(-3)).toEqual(['--', 'me@127.0.0.1', 'true']);
  });

  it('logs in with the machine’s own key and asks for nothing, whatever key was brought', () => {
    const record = { ...machine.record, access: { user: 'me', key: '/home/me/.ssh/id_rsa' } };
    const others = sshCommand({ ...machine, record }, { sshPort: 1, sockets: '/run/m/1' });
    expect(others).toEqual(
      expect.arrayContaining([
        'IdentityFile="/state/50%%/ssh/id_ed25519"',
        'BatchMode=yes',
        'IdentityAgent=none',
      ]),
    );
    expect(others.join(' ')).not.toContain('id_rsa');
  });

  it.each([
    ['me@127.0.0.1: Permission denied (publickey).', 'denied'],
    ['Host key verification failed.', 'otherKey'],
    ['ssh: connect to host 127.0.0.1 port 1: Connection refused', 'unreachable'],
    ['Connection timed out during banner exchange', 'unreachable'],
    ['', 'unreachable'],
  ])('says %j: %s', (message, state) => {
    expect(stateOf(message)).toBe(state);
  });
});

describe('a command for the guest', () => {
  const run = (command: string) => spawnSync('sh', ['-c', command], { encoding: 'utf8' });

  it('reaches the program word by word', () => {
    const word = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (words) => {
        const text = words.map((one) => `${one}\0`).join('');
        // Lone surrogates are no text.
        fc.pre(Buffer.from(text).toString() === text);
        const result = run(guestCommand(['printf', '%s\\0', ...words], 'mark-1'));
        expect(result.stdout).toBe(words.length === 0 ? '\0' : text);
      }),
      { numRuns: 30 },
    );
    // Each run starts a program.
  }, 60_000);

  it('outlives the signals that it passes on, which end what it started', () => {
    const text = guestCommand(['sh', '-c', 'kill -TERM $PPID; kill -TERM $$; echo alive'], 'mark-1');
    expect(run(text)).toMatchObject({ status: 143, stdout: '' });
  });

  it('has its code also when a key of the terminal ends it, which ends all that runs there', () => {
    const script = guestCommand(['sh', '-c', 'kill -INT $PPID; kill -INT $$; sleep 5']);
    expect(run(script)).toMatchObject({ status: 130, signal: null });
    expect(run("sh -c 'kill -INT $PPID; kill -INT $$'; exit $?").signal).toBe('SIGINT');
  });

  it('may be longer than one word can be, and is gone from the guest before it runs', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `${index} it's `.repeat(700));
    const script = 'ls /tmp/mark-77.sh 2>/dev/null; printf "%s|" "$@"; kill -TERM $$';
    // The guest is this host: what ssh would run there is run here.
    const result = await withGuest('exec sh -c "$last"', async () => {
      const at = { sshPort: 1, sockets: '/nowhere' };
      const command = await passedCommand(machine, at, ['sh', '-c', script, 'sh', ...words], {
        name: 'mark-77',
        mark: 'mark-77',
      });
      expect(command.length).toBeLessThan(200);
      return run(command);
    });
    expect(result.stdout).toBe(words.map((word) => `${word}|`).join(''));
    expect(result.status).toBe(143);
  });

  it.each([
    [['sh', '-c', 'exit 7'], 7],
    [['sh', '-c', 'kill -9 $$'], 137],
    [['A=b'], 127],
    [['if'], 127],
  ])('%j ends with %i', (words, code) => {
    expect(run(guestCommand(words)).status).toBe(code);
  });

  it('is found by a pattern that does not find the search itself', () => {
    const command = signalCommand('mark-1234', 'TERM');
    expect(command).toContain("'[m]ark-1234'");
    expect(command).not.toContain('mark-1234');
    expect(run(command).status).toBe(0);
  });
});

describe('an end of a copy', () => {
  it.each([
    ['demo:/etc/hosts', { kind: 'guest', machine: 'demo', path: '/etc/hosts' }],
    ['demo:', { kind: 'guest', machine: 'demo', path: '.' }],
    ['demo:~/a', { kind: 'guest', machine: 'demo', path: './a' }],
    ['demo:-rf', { kind: 'guest', machine: 'demo', path: './-rf' }],
    ['./odd:name', { kind: 'host', path: './odd:name' }],
    ['/a:b', { kind: 'host', path: '/a:b' }],
  ])('reads %s', (text, location) => {
    expect(parseLocation(text)).toEqual(location);
  });

  it.each([
    [['a', 'b']],
    [['a:x', 'b:y']],
    [['a', 'm:x', 'm:']],
    [['m:a', 'n:b', '.']],
    [['m:a']],
    [['', 'm:']],
    [[':a', '.']],
  ])('refuses %j', (words) => {
    expect(() => parseCopy(words)).toThrowWithCode('ANYARCH_USAGE');
  });

  it('takes several sources of one side', () => {
    expect(parseCopy(['a', 'b', 'm:c'])).toEqual({
      direction: 'into',
      machine: 'm',
      sources: ['a', 'b'],
      target: './c',
    });
    expect(parseCopy(['m:a', 'm:b', 'c'])).toMatchObject({ direction: 'outOf', sources: ['./a', './b'] });
  });
});

describe('the first line of a stream', () => {
  const rest = async (stream: Readable) => Buffer.concat((await stream.toArray()) as Buffer[]).toString();

  it('is taken off, however the bytes come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), fc.string(), async (size, text) => {
        const bytes = Buffer.from(`f 644 3 0\n${text}`);
        const count = Math.ceil(bytes.length / size);
        const chunks = Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
        const stream = Readable.from(chunks, { objectMode: false });
        expect(await readLine(stream, 100)).toBe('f 644 3 0');
        expect(await rest(stream)).toBe(Buffer.from(text).toString());
      }),
    );
  });

  it('is none where the stream ends, or goes on for ever', async () => {
    expect(await readLine(Readable.from([Buffer.from('abc')], { objectMode: false }), 100)).toBeUndefined();
    const endless = Readable.from([Buffer.alloc(1000, 'a')], { objectMode: false });
    expect(await readLine(endless, 100)).toBeUndefined();
  });
});
