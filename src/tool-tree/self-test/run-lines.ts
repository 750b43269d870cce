import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { Emulated } from '../../private-table/index.ts';
import { runGuest } from '../../run/index.ts';
import type { LogRecord } from '../log/log-line.ts';
import { openLog } from '../log/open-log.ts';
import { logFile } from '../places.ts';
import { toolTreeMount as mountPoint } from '../../core/recipe/mount.ts';
import { inputsPlace, place } from './driver.ts';
import { layOutRun } from './lay-out.ts';
import { readLineResult, type LineResult } from './read-results.ts';

export interface RunOfLines {
  readonly emulated: Emulated;
  readonly guestRoot: string;
  /** What the guest sees as /dev/.anyarch. Without recipes everything is emulated, whatever lines do with the environment. */
  readonly tree: string;
  readonly lines: readonly string[];
  /** The directory of this run; it is made. */
  readonly directory: string;
  readonly inputs: string;
  /** Mount point of the guest. */
  readonly mount: string;
  readonly signal?: AbortSignal | undefined;
}

export interface RanLines {
  readonly results: readonly LineResult[];
  /** What the interposer told of each start, in order. */
  readonly log: readonly LogRecord[];
  /** What the driver itself printed, for want of a result. */
  readonly complaint: string;
}

/** Runs lines in one start of the guest. The interposer tells of every program that they start. */
export async function runLines(host: Host, run: RunOfLines): Promise<RanLines> {
  layOutRun(run.directory, run.lines);
  const log: LogRecord[] = [];
  const open = await openLog(host, join(run.tree, logFile), (record) => {
    if (record !== undefined) log.push(record);
  });
  const said: Uint8Array[] = [];
  const keep = (chunk: Uint8Array): void => void said.push(chunk);
  try {
    const bind = (source: string, target: string, readOnly: boolean) =>
      ({ source, target, readOnly, kind: 'directory' }) as const;
    const outcome = await runGuest(host, {
      emulated: [run.emulated],
      root: { kind: 'ephemeral', path: run.guestRoot },
      network: 'none',
      hostname: 'self-test',
      command: ['/bin/sh', `${place}/driver`],
      binds: [
        bind(run.tree, mountPoint, true),
        bind(run.directory, place, false),
        bind(run.inputs, inputsPlace, true),
      ],
      environment: [],
      workingDirectory: '/',
      scratch: run.mount,
      output: { stdout: keep, stderr: keep },
      ...(run.signal === undefined ? {} : { signal: run.signal }),
    });
    const text = new TextDecoder().decode(Buffer.concat(said)).trim();
    return {
      complaint: [outcome.message, text, outcome.exitCode === 0 ? '' : `exit code ${outcome.exitCode}`]
        .filter((part) => part !== undefined && part !== '')
        .join('; '),
      results: run.lines.map((_, index) => readLineResult(join(run.directory, String(index)))),
      log,
    };
  } finally {
    await open.close();
  }
}
