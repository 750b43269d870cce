import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { SystemError } from '../../../src/host/system-error.ts';
import { nodeClock } from '../../../src/host/node/node-clock.ts';
import { succeed } from '../command.ts';
import { temporaryDirectory } from '../temporary.ts';
import { decode, encode, type Answer, type Call } from './wire.ts';

/** A running program that carries out calls, one at a time and synchronously: the contract tests are. */
export interface Session {
  readonly call: (call: Call) => unknown;
  readonly close: () => Promise<void>;
}

/** Milliseconds. */
const patience = 60_000;

/** @param command of test/support/quickjs/program.ts, with what starts it elsewhere before it */
export async function startSession(command: readonly string[]): Promise<Session> {
  const directory = mkdtempSync(`${temporaryDirectory('session')}/`);
  const [calls, answers] = [`${directory}/calls`, `${directory}/answers`];
  await succeed(['mkfifo', calls, answers]);
  const answersDescriptor = openSync(answers, constants.O_RDONLY | constants.O_NONBLOCK);
  const opener = openSync(calls, constants.O_RDWR);
  const child = spawn('sh', ['-c', `exec "$@" <${calls} >${answers}`, 'sh', ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const lines = lineReader(answersDescriptor);
  if (lines() !== '"ready"') throw new Error('the program did not start');
  // Now the child's end of the calls ends with this process's.
  const callsDescriptor = openSync(calls, constants.O_WRONLY);
  closeSync(opener);
  return {
    call: (call) => {
      const bytes = Buffer.from(`${encode(call)}\n`);
      for (let offset = 0; offset < bytes.length;) offset += writeSync(callsDescriptor, bytes, offset);
      return valueOf(decode(lines()) as Answer);
    },
    close: async () => {
      closeSync(callsDescriptor);
      await ended(child);
      closeSync(answersDescriptor);
    },
  };
}

function valueOf(answer: Answer): unknown {
  if ('value' in answer) return answer.value;
  const { errno, call, path, message } = answer.error;
  if (errno === undefined || call === undefined) throw new Error(message);
  throw new SystemError(errno, call, path);
}

function lineReader(descriptor: number): () => string {
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(1 << 16);
  return () => {
    const deadline = Date.now() + patience;
    for (;;) {
      const end = rest.indexOf('\n');
      if (end !== -1) {
        const line = rest.toString('utf8', 0, end);
        rest = rest.subarray(end + 1);
        return line;
      }
      if (Date.now() > deadline) throw new Error('the program does not answer');
      const count = readIfAny(descriptor, chunk);
      if (count === 0) nodeClock.sleep(0.2);
      else rest = Buffer.concat([rest, chunk.subarray(0, count)]);
    }
  };
}

function readIfAny(descriptor: number, chunk: Buffer): number {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
