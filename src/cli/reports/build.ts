import type { AccelerationReport } from '../../accelerate/index.ts';
import type { BuildReport, BuiltPlatform, Verified } from '../../build/index.ts';
import type { AnyarchError } from '../../core/error.ts';
import { printable, printableLines } from '../../core/printable.ts';
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
    ...notes.map((note) => `note: ${printableLines(note)}`),
    '',
  ].join('\n');
}

function formatPlatform(one: BuiltPlatform, style: Style): string[] {
  const { platform, outcome, runs, reason, id = '', durationMs = 0, error, verified, command } = one;
  if (outcome === 'planned')
    return [`${platform}: ${runs} (${reason})`, `  ${command.map(shellWord).join(' ')}`];
  if (error !== undefined)
    return [
      `${style.red('failed')}  ${platform}: ${printable(error.message)} [${error.code}]`,
      ...(error.hint === undefined ? [] : [`  next: ${printable(error.hint)}`]),
    ];
  const seconds = (durationMs / 1000).toFixed(1);
  return [
    `${style.green('built')}  ${platform} (${runs}) in ${seconds} s: ${id.slice(0, 'sha256:'.length + 12)}`,
    ...(verified === undefined ? [] : formatVerified(verified, style)),
  ];
}

function formatVerified(
  { verdict, accelerated, comparison, unexplained, own }: Verified,
  style: Style,
): string[] {
  const { files, config, onlyTimes } = comparison;
  const explained = [...files, ...config].filter((one) => one.explained !== undefined).length;
  const known = `${explained} differences with a known reason, ${onlyTimes} files written at another time`;
  const list = (names: readonly string[]) => names.slice(0, 20).map((name) => `    ${printable(name)}`);
  const more = (names: readonly string[]) =>
    names.length > 20 ? [`    … and ${names.length - 20} more (--json lists all)`] : [];
  if (verdict !== 'different' && !accelerated)
    return [
      `  ${style.yellow('not verified')}  nothing was accelerated, so nothing was proven; built twice, ${own.length} files differ without a reason (${known})`,
      ...list(own),
      ...more(own),
    ];
  if (verdict === 'same') return [`  ${style.green('verified')}  the same without acceleration (${known})`];
  if (verdict === 'own')
    return [
      `  ${style.yellow('verified')}  as far as that is possible: ${own.length} files differ in each build, accelerated or not (${known})`,
      ...list(own),
      ...more(own),
    ];
  const what = accelerated
    ? `${unexplained.length} files are others without acceleration: please report it, with this list`
    : `${unexplained.length} files differ between builds, though nothing was accelerated: what the Dockerfile does is not the same each time`;
  return [`  ${style.red('different')}  ${what}`, ...list(unexplained), ...more(unexplained)];
}

function formatAcceleration({ substituted, emulated, gain }: AccelerationReport): string {
  const least = (gain.lowerBoundMs / 1000).toFixed(1);
  return `accelerated: ${substituted} programs ran natively, ${emulated} were emulated, at least ${least} s won, in all containers of this machine meanwhile (anyarch accelerate report)`;
}
