import { absolutePath } from '../../core/absolute-path.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { hostPlatform } from '../../image/index.ts';
import {
  disableService,
  enableService,
  outOfReach,
  serviceStatus,
  type ProgramFile,
} from '../../watch/index.ts';
import type { Handler } from '../command.ts';
import type { watchDisable, watchEnable, watchStatus } from '../commands/watch-service.ts';
import { ownFile, ownVersion } from '../own-package.ts';
import { serviceOutcome, serviceStatusOutcome } from '../reports/watch-service.ts';
import { watchOptions } from '../watch-options.ts';

export const handleWatchEnable: Handler<(typeof watchEnable)['options']> = ({ options, context }) => {
  const { host } = context;
  const from = process.cwd();
  // Checked now: a service that starts and fails is found late.
  const { metricsFile } = watchOptions(options, [], { from, version: ownVersion() });
  const { init } = options;
  // The service starts in another directory.
  const state = absolutePath(stateDirectory(host.system), from);
  const report = enableService(host, {
    state,
    program: ownProgram(host, options.program),
    words: [
      ...passedOn('interval', options.interval),
      ...passedOn('probe-interval', options['probe-interval']),
      ...passedOn('metrics-file', metricsFile),
      ...(options.enforce === true ? ['--enforce'] : []),
    ],
    metricsFile,
    force: options.force === true,
    dryRun: options['dry-run'] === true,
    ...(init === undefined ? {} : { init: init as 'systemd' | 'openrc' | 'runit' }),
  });
  const unseen = report.init === 'systemd' ? outOfReach(host, state) : [];
  return serviceOutcome('enable', report, { style: context.terminal.style, unseen });
};

export const handleWatchDisable: Handler<(typeof watchDisable)['options']> = ({ options, context }) => {
  const { host } = context;
  const report = disableService(host, {
    state: stateDirectory(host.system),
    force: options.force === true,
    dryRun: options['dry-run'] === true,
  });
  return serviceOutcome('disable', report, { style: context.terminal.style });
};

export const handleWatchStatus: Handler<(typeof watchStatus)['options']> = ({ context }) =>
  serviceStatusOutcome(
    serviceStatus(context.host, stateDirectory(context.host.system)),
    context.terminal.style,
  );

function passedOn(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`--${name}`, value];
}

/** The static program for this machine, which has been seen to run. */
function ownProgram(
  { files, processes, system }: Host,
  directory = ownFile('build/entrypoint'),
): ProgramFile {
  const platform = hostPlatform(system.machine);
  const path = absolutePath(`${directory}/${platform.fileName}/anyarch`, process.cwd());
  const fail = (problem: string): AnyarchError =>
    new AnyarchError(
      'ANYARCH_PROGRAM_NOT_FOUND',
      `there is no program for ${platform.name}: ${path} ${problem}`,
      {
        hint: 'name the directory that has linux-amd64/anyarch and so on: anyarch watch enable --program DIR; in a checkout: npm run build:entrypoint',
      },
    );
  if (files.status(path)?.kind !== 'file') throw fail('does not exist');
  const { exitCode, startError, stderr } = processes.run([path, '--version'], { timeoutMs: 10_000 });
  if (exitCode !== 0) throw fail(`does not run here (${startError ?? stderr.trim()})`);
  return { path, sha256: files.sha256(path) };
}
