import { followLog, lastReport, type AccelerationReport, type FollowedLog } from '../../accelerate/index.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { Context, Handler, Outcome } from '../command.ts';
import type { accelerateReport } from '../commands/accelerate-report.ts';
import { formatAcceleration } from '../reports/acceleration.ts';
import { waitForSignals } from '../wait-for-signals.ts';

/** Milliseconds between two looks at the counts. */
const drawEveryMs = 500;

export const handleAccelerateReport: Handler<(typeof accelerateReport)['options']> = async ({
  options,
  context,
}) => {
  const { host } = context;
  const state = stateDirectory(host.system);
  if (options.follow === true)
    return outcomeOf(context, await followed(context, await followLog(host, state)));
  const report = lastReport(host, state);
  if (report !== undefined) return outcomeOf(context, report);
  return {
    exitCode: 0,
    document: { schema: 'anyarch/acceleration-report/1', programs: [] },
    text: 'nothing has been followed so far. Next: anyarch accelerate report --follow\n',
  };
};

async function followed({ terminal, json, signal }: Context, log: FollowedLog): Promise<AccelerationReport> {
  const isDrawn = terminal.interactive && !json;
  const waiter = waitForSignals(signal);
  if (!isDrawn) terminal.writeError('anyarch: following until Ctrl-C (SIGINT or SIGTERM)\n');
  try {
    do {
      const { substituted, emulated } = log.seen();
      if (isDrawn)
        terminal.writeError(`\r\x1b[K${substituted} ran natively, ${emulated} were emulated (Ctrl-C ends)`);
    } while ((await waiter.wait(drawEveryMs)) !== 'stop');
  } finally {
    waiter.release();
    if (isDrawn) terminal.writeError('\r\x1b[K');
  }
  return await log.stop();
}

function outcomeOf({ terminal }: Context, report: AccelerationReport): Outcome {
  return { exitCode: 0, document: { ...report }, text: formatAcceleration(report, terminal.style) };
}
