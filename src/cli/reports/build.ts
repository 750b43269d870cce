import type { AccelerationReport } from '../../accelerate/index.ts';
import type { BuildReport, BuiltPlatform, Verified } from '../../build/index.ts';
import type { AnyarchError } from '../../core/error.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';

const exitCodes: Readonly<Record<BuildReport['outcome'], number>> = {
  planned: 0,
  built: 0,
  partial: 3,
  failed: 1,
  different: 1,
};

export function buildOutcome(
  report: BuildReport,
  acceleration: AccelerationReport | undefined,
  style: Style,
): Outcome {
  const platforms = report.platforms.map(({ error, ...rest }) => {
    return { ...rest, ...(error === undefined ? {} : { error: asData(error) }) };
  });
  return {
    exitCode: exitCodes[report.outcome],
    document: {
      schema: 'anyarch/build/1',
      ...report,
      platforms,
      ...(acceleration === undefined ? {} : { acceleration }),
    },
    text: formatBuild(report, acceleration, style),
  };
}

function asData({ code, message, hint, details }: AnyarchError) {
  return { code, message, hint, details };
}

function formatBuild(
  report: BuildReport,
  acceleration: AccelerationReport | undefined,
  style: Style,
): string {
  const { engine, candidates, platforms, stored, outputs, pushed, notes, outcome } = report;
  const rejected = candidates.filter(({ verdict }) => verdict === 'rejected');
  const driver = engine.driver === undefined ? '' : `, driver ${engine.driver}`;
  const nothing =
    outcome === 'partial' || outcome === 'different'
      ? ['nothing was named, written or pushed; what was built has its identifier only']
      : [];
  return [
    `${engine.name} ${engine.version}${driver}${rejected.map(({ engine: name, reason }) => `; not ${name}: ${reason}`).join('')}`,
    ...platforms.flatMap((one) => formatPlatform(one, style)),
    ...nothing,
    ...stored.map(({ name, platforms: its }) => `${style.green('stored')}  ${name} (${its.join(', ')})`),
    ...outputs.map((place) => `${style.green('written')}  ${place}`),
    ...pushed.map(
      ({ reference, digest, platforms: its }) =>
        `${style.green('pushed')}  ${reference}@${digest} (${its.join(', ')}), read back`,
    ),
    ...(acceleration === undefined ? [] : [formatAcceleration(acceleration)]),
    ...notes.map((note) => `note: ${note}`),
    '',
  ].join('\n');
}

function formatPlatform(one: BuiltPlatform, style: Style): string[] {
  const { platform, outcome, runs, reason, id = '', durationMs = 0, error, verified, command } = one;
  if (outcome === 'planned')
    return [`${platform}: ${runs} (${reason})`, `  ${command.map(shellWord).join(' ')}`];
  if (error !== undefined)
    return [
      `${style.red('failed')}  ${platform}: ${error.message} [${error.code}]`,
      ...(error.hint === undefined ? [] : [`  next: ${error.hint}`]),
    ];
  const seconds = (durationMs / 1000).toFixed(1);
  return [
    `${style.green('built')}  ${platform} (${runs}) in ${seconds} s: ${id.slice(0, 'sha256:'.length + 12)}`,
    ...(verified === undefined ? [] : formatVerified(verified, style)),
  ];
}

function formatVerified({ verdict, comparison, unexplained, own }: Verified, style: Style): string[] {
  const { files, config, onlyTimes } = comparison;
  const explained = [...files, ...config].filter((one) => one.explained !== undefined).length;
  const known = `${explained} differences with a known reason, ${onlyTimes} files written at another time`;
  const list = (names: readonly string[]) => names.slice(0, 20).map((name) => `    ${name}`);
  const more = (names: readonly string[]) =>
    names.length > 20 ? [`    … and ${names.length - 20} more (--json lists all)`] : [];
  if (verdict === 'same') return [`  ${style.green('verified')}  the same without acceleration (${known})`];
  if (verdict === 'own')
    return [
      `  ${style.yellow('verified')}  as far as that is possible: ${own.length} files differ in each build, accelerated or not (${known})`,
      ...list(own),
      ...more(own),
    ];
  return [
    `  ${style.red('different')}  ${unexplained.length} files are others without acceleration: please report it, with this list`,
    ...list(unexplained),
    ...more(unexplained),
  ];
}

function formatAcceleration({ substituted, emulated, gain }: AccelerationReport): string {
  const least = (gain.lowerBoundMs / 1000).toFixed(1);
  return `accelerated: ${substituted} programs ran natively, ${emulated} were emulated, at least ${least} s won (anyarch accelerate report)`;
}
