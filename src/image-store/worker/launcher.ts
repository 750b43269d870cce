import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { buildLauncher } from '../../core/launcher/build-launcher.ts';
import { readFailureRecords } from '../../core/launcher/failure-record.ts';
import { launcherHostOf } from '../../core/launcher/find-launcher-host.ts';
import type { FailureRecord, Step } from '../../core/launcher/program.ts';
import { AnyarchError } from '../../core/error.ts';
import { errnoName } from '../../host/node/system-call.ts';

export interface Launched {
  /** The step that was refused, if one was; those behind it were not made. */
  readonly failure: { readonly step: number; readonly errno: string } | undefined;
  /** What was written to descriptor 4. */
  readonly output: Buffer;
}

export type Launch = (steps: readonly Step[]) => Launched;

/**
 * Makes system calls that Node does not have, in the working directory of this process.
 *
 * @param place a directory that this process may write to; nothing stays there
 */
export function createLaunch(place: string): Launch {
  let count = 0;
  return (steps) => {
    const host = launcherHostOf(machine());
    if (host === undefined)
      throw new AnyarchError(
        'ANYARCH_HOST_UNSUPPORTED',
        `anyarch has no launcher for ${machine()} machines`,
        {
          hint: 'unpack images on another machine',
        },
      );
    count += 1;
    const path = `${place}/launcher-${count}`;
    try {
      write(path, buildLauncher(host, { steps }));
      const result = spawnSync(path, [], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
        maxBuffer: Infinity,
      });
      if (result.error !== undefined) throw cannotStart(result.error, place);
      const [failure]: readonly FailureRecord[] = readFailureRecords(
        result.output[3] ?? Buffer.alloc(0),
        host,
      );
      return {
        failure: failure === undefined ? undefined : { step: failure.step, errno: errnoName(failure.errno) },
        output: result.output[4] ?? Buffer.alloc(0),
      };
    } finally {
      rmSync(path, { force: true });
    }
  };
}

function write(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'wx', 0o700);
  try {
    // All of it, or an error: a disk may have room for a part.
    writeFileSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
}

function cannotStart(error: Error, place: string): AnyarchError {
  return new AnyarchError('ANYARCH_PERMISSION', `no program can be started from ${place}: ${error.message}`, {
    hint: 'set ANYARCH_HOME to a directory on a file system that is not mounted noexec',
    cause: error,
  });
}
