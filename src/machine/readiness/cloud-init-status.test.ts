import { expect, it } from 'vitest';
import type { Machine } from '../life/machine.ts';
import type { RunningMachine } from '../record.ts';
import { waitForCloudInit } from './cloud-init-status.ts';
import { withGuest } from './testing/with-guest.ts';

const machine = {
  record: { name: 'demo', id: 'i', access: { user: 'me', key: '/k' }, definition: 'arm64' },
  places: { ssh: '/state/ssh' },
} as unknown as Machine;
const running = { sshPort: 1, sockets: '/nowhere' } as unknown as RunningMachine;

/** @param script what the guest answers to the command in `$command` */
async function answerTo(script: string, milliseconds = 20_000) {
  let atWork = 0;
  const signal = AbortSignal.timeout(milliseconds);
  const onAtWork = (): void => void (atWork += 1);
  const result = await withGuest(
    script,
    async () => await waitForCloudInit(machine, running, { attemptMs: 5_000, signal, onAtWork }),
  );
  return { result, atWork };
}

const json = (document: object): string => `echo '${JSON.stringify(document)}'`;

it.each([
  ['done', json({ status: 'done', errors: [] }), { status: 'done', errors: [] }],
  [
    'done with errors that it could live with',
    `${json({ status: 'done', errors: [], recoverable_errors: { WARNING: ['no such key'] } })}; exit 2`,
    { status: 'done', errors: ['no such key'] },
  ],
  [
    'failed',
    `${json({ status: 'error', errors: ['boom'] })}; exit 1`,
    { status: 'failed', errors: ['boom'] },
  ],
  ['not there', 'exit 127', { status: 'none', errors: [] }],
])('says that cloud-init is %s', { timeout: 30_000 }, async (_, script, expected) => {
  expect(await answerTo(script)).toEqual({ result: expected, atWork: 0 });
});

/** As 20.4 of Debian 11 does. */
const old = (status: string): string =>
  `case $command in *--format*) echo "unrecognized arguments: --format" >&2; exit 2;; esac; printf '${status}'`;

it.each([
  ['status: done\\n', { status: 'done', errors: [] }],
  ['status: error\\ntime: now\\ndetail:\\nboom\\n', { status: 'failed', errors: ['boom'] }],
])('understands one that knows no JSON: %j', { timeout: 30_000 }, async (text, expected) => {
  expect((await answerTo(old(text))).result).toEqual(expected);
});

it('counts as work only what cloud-init calls so', { timeout: 30_000 }, async () => {
  for (const script of [json({ status: 'running' }), old('status: running\\n')])
    expect((await answerTo(script, 500)).atWork).toBeGreaterThan(0);
  for (const script of ['exit 1', 'echo garbage', json({ status: 'not run' }), old('status: not run\\n')])
    expect(await answerTo(script, 500)).toEqual({ result: undefined, atWork: 0 });
});
