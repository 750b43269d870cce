import { availableParallelism } from 'node:os';
import { accelerationStatus, accelerationVolume, type AccelerationReport } from '../../accelerate/index.ts';
import { buildImage, parseOutput, type BuildOptions, type BuildReport } from '../../build/index.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Context, Handler } from '../command.ts';
import type { build } from '../commands/build.ts';
import { ownFile } from '../own-package.ts';
import { buildOutcome } from '../reports/build.ts';
import { buildRequest, type BuildCommandOptions } from './build/build-request.ts';
import { followedBuild } from './build/followed-build.ts';
import { adviceFor, prepareBases } from './build/prepare-bases.ts';
import { connectionOptions } from './registry-options.ts';

export const handleBuild: Handler<(typeof build)['options']> = async ({ options, positionals, context }) => {
  const prepared =
    options.prepare === true && options['dry-run'] !== true
      ? await prepareBases(context, buildRequest(context.host, options, positionals, process.cwd()), options)
      : [];
  const wishes = buildOptions(options, positionals, context);
  const { report, acceleration } = await followedBuild(context.host, wishes, () =>
    buildImage(context.host, wishes),
  );
  const isEmulated = report.platforms.some(({ runs, outcome }) => runs === 'emulated' && outcome === 'built');
  // Where there is a tree and nobody counted, nobody knows that nothing ran natively.
  const isNothingNative = wishes.volume === undefined || acceleration?.substituted === 0;
  const isAdvised = isEmulated && !wishes.plain && isNothingNative;
  const isLeftOut =
    report.engine.name.startsWith('docker') && wishes.volume !== undefined && !wishes.isAccelerated();
  const advice = isLeftOut
    ? ['docker does not use the tool tree; next: sudo anyarch accelerate enable docker']
    : isAdvised
      ? [adviceFor(context, wishes.request)]
      : [];
  const notes = [...prepared, ...report.notes, ...advice];
  return buildOutcome(withProof({ ...report, notes }, acceleration), acceleration, context.terminal.style);
};

/** Where nothing ran natively meanwhile, in no container, the comparison has proven nothing. */
function withProof(report: BuildReport, acceleration: AccelerationReport | undefined): BuildReport {
  if (acceleration?.substituted !== 0) return report;
  const platforms = report.platforms.map((one) =>
    one.verified === undefined ? one : { ...one, verified: { ...one.verified, accelerated: false } },
  );
  return { ...report, platforms };
}

function buildOptions(
  options: BuildCommandOptions,
  positionals: readonly string[],
  { host, terminal, signal }: Context,
): BuildOptions {
  const directory = process.cwd();
  const request = buildRequest(host, options, positionals, directory);
  const plain = options['no-accelerate'] === true;
  const volume = plain ? undefined : accelerationVolume(host);
  const state = stateDirectory(host.system);
  return {
    request,
    engine: options.engine as BuildOptions['engine'],
    push: options.push === true,
    connection: connectionOptions(options),
    outputs: (options.output ?? []).map((text) => parseOutput(text, directory)),
    jobs: numberOfJobs(options.jobs),
    verify: options.verify === true,
    noEmulation: options['no-emulation'] === true,
    dryRun: options['dry-run'] === true,
    volume:
      volume === undefined ? undefined : [volume.source, volume.target, volume.options.join(',')].join(':'),
    plain,
    isAccelerated: () =>
      accelerationStatus(host, { engines: ['docker'], state, build: ownFile('build') }).engines.some(
        ({ enabled }) => enabled,
      ),
    state,
    command: [process.execPath, ownFile('dist/cli/start.cjs')],
    signal,
    write: (text) => {
      terminal.writeError(text);
    },
  };
}

/** @throws AnyarchError ANYARCH_USAGE */
function numberOfJobs(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const jobs = Number(text);
  if (Number.isSafeInteger(jobs) && jobs > 0) return jobs;
  throw new AnyarchError('ANYARCH_USAGE', `--jobs: "${text}" is no number of builds`, {
    hint: 'write a whole number from 1 on',
  });
}
