import { AnyarchError } from '../../core/error.ts';
import { printable } from '../../core/printable.ts';
import {
  machineStatus,
  startMachine,
  type BootProgress,
  type Machine,
  type StartedMachine,
} from '../../machine/index.ts';
import type { Progress } from '../../transfer/index.ts';
import type { Context } from '../command.ts';
import { formatProgress } from '../progress.ts';

export interface StartedOptions {
  /** Default: what `startMachine` takes for enough. */
  readonly wait?: 'process' | 'use' | 'ssh' | 'cloud-init' | undefined;
  readonly noStart?: boolean | undefined;
  readonly noFetch?: boolean | undefined;
  readonly mirror?: string | undefined;
  readonly cold?: boolean | undefined;
}

/** Milliseconds between two drawings. */
const intervalMs = 200;

/**
 * Starts a machine unless it runs, and shows on one line of stderr how far it is.
 *
 * @throws AnyarchError ANYARCH_MACHINE_STOPPED with `noStart`, and what starting throws
 */
export async function startedMachine(
  context: Context,
  machine: Machine,
  { wait, noStart, noFetch, mirror, cold }: StartedOptions,
): Promise<StartedMachine> {
  const { host, signal } = context;
  const { name } = machine.record;
  if (noStart === true && machineStatus(host, machine).kind === 'stopped')
    throw new AnyarchError('ANYARCH_MACHINE_STOPPED', `${name} is stopped`, {
      hint: `anyarch machine start ${name}`,
    });
  const drawing = drawBoot(context, name);
  try {
    return await startMachine(host, machine, {
      wait,
      noFetch,
      mirror,
      cold,
      signal,
      onProgress: drawing.onProgress,
      onBoot: drawing.onBoot,
    });
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_CANCELLED') throw error;
    throw stillRuns(host, machine) ? goesOn(name, error) : error;
  } finally {
    drawing.end();
  }
}

function stillRuns(host: Context['host'], machine: Machine): boolean {
  return machineStatus(host, machine).kind === 'running';
}

function goesOn(name: string, cause: AnyarchError): AnyarchError {
  return new AnyarchError('ANYARCH_CANCELLED', `nobody waits for ${name} any more, which goes on running`, {
    hint: `anyarch machine start ${name} waits for it again, anyarch machine stop ${name} ends it`,
    details: { name },
    cause,
  });
}

/** One line of stderr that shows how far a machine is; nothing where no person watches. */
export function drawBoot(
  { host, terminal, json }: Pick<Context, 'host' | 'terminal' | 'json'>,
  name: string,
): {
  readonly onProgress: (progress: Progress) => void;
  readonly onBoot: (progress: BootProgress) => void;
  readonly end: () => void;
} {
  const isShown = terminal.interactive && !json;
  let drawnAt = -intervalMs;
  const draw = (line: string): void => {
    const now = host.clock.monotonic();
    if (!isShown || now - drawnAt < intervalMs) return;
    drawnAt = now;
    terminal.writeError(`\r\x1b[K${line.slice(0, Math.max(terminal.columns - 1, 0))}`);
  };
  return {
    onProgress: (progress) => {
      draw(formatProgress(progress, terminal.columns));
    },
    onBoot: ({ milestone, elapsedMs, line }) => {
      const seconds = Math.floor(elapsedMs / 1000);
      draw(`${name}  ${milestone.description} (${seconds} s)  ${printable(line.trim())}`);
    },
    end: () => {
      if (isShown) terminal.writeError('\r\x1b[K');
    },
  };
}
