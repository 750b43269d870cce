import { AnyarchError } from '../core/error.ts';
import type { System } from '../host/host.ts';
import type { DescribedStep } from './described-step.ts';
import { explainFailure } from './failure.ts';
import type { LaunchResult } from './launch.ts';
import { readReports } from './report.ts';

export interface GuestOutcome {
  /** The guest's own; 128 + signal when one ended it; 126 not executable, 127 not found. */
  readonly exitCode: number;
  /** The number of the signal that ended it. */
  readonly signal?: number;
  /** What to say about a command that could not be executed. */
  readonly message?: string;
}

export interface OutcomeContext {
  readonly steps: readonly DescribedStep[];
  readonly command: string;
  readonly littleEndian: boolean;
  readonly errnoName: (errno: number) => string;
  readonly system: System;
}

/**
 * What the launcher's report and end mean.
 *
 * @throws AnyarchError ANYARCH_NAMESPACE, ANYARCH_RUN_SETUP when the guest could not be set up
 */
export function guestOutcome(result: LaunchResult, context: OutcomeContext): GuestOutcome {
  const reports = readReports(result.report, context.littleEndian);
  for (const report of reports) {
    if (report.kind !== 'failure') continue;
    const step = context.steps[report.step];
    if (step === undefined)
      throw new Error(`the launcher reported step ${report.step}, which does not exist`);
    throw explainFailure(step, context.errnoName(report.errno), context.system);
  }
  const refusals = reports.flatMap((report) =>
    report.kind === 'refusal' ? [context.errnoName(report.errno)] : [],
  );
  if (refusals.length > 0) return refused(context.command, refusals);
  const status = reports.find((report) => report.kind === 'status')?.status;
  if (status !== undefined) return outcomeOf(status);
  if (result.signal !== undefined) return { exitCode: 128 + result.signal, signal: result.signal };
  throw new AnyarchError(
    'ANYARCH_RUN_SETUP',
    `the guest ended without a report (launcher's exit code ${result.exitCode ?? 'unknown'})`,
    {
      hint: 'something killed the init of the namespace, the kernel for want of memory perhaps: dmesg | tail',
    },
  );
}

/** A shell's view of what wait4(2) wrote. */
function outcomeOf(status: number): GuestOutcome {
  const signal = status & 0x7f;
  return signal === 0 ? { exitCode: (status >> 8) & 0xff } : { exitCode: 128 + signal, signal };
}

/** What a shell says: 127 when there is no such command, 126 when there is one that cannot be executed. */
function refused(command: string, errnos: readonly string[]): GuestOutcome {
  const telling = errnos.find((errno) => errno !== 'ENOENT' && errno !== 'ENOTDIR');
  if (telling === undefined)
    return {
      exitCode: 127,
      message: `${command}: not found in the guest (or the loader that it names is missing)`,
    };
  return {
    exitCode: 126,
    message: `${command}: ${refusalMeanings[telling] ?? 'execve failed'} (${telling})`,
  };
}

const refusalMeanings: Readonly<Record<string, string>> = {
  EACCES: 'no permission to execute it',
  ENOEXEC: 'exec format error: no emulator for its architecture',
  ELOOP: 'its interpreter needs an interpreter itself',
  E2BIG: 'the arguments and the environment are too long',
  ENOMEM: 'not enough memory',
};
