import { architectures, findArchitecture, lookUpArchitecture } from '../../core/architecture.ts';
import { fetchEmulators, listEmulators, verifyEmulators } from '../../emulators/index.ts';
import type { FetchReport, ListedEmulators, VerifyResult } from '../../emulators/index.ts';
import type { Handler } from '../command.ts';
import type { emulatorsFetch, emulatorsList, emulatorsVerify } from '../commands/emulators.ts';
import { withProgress } from '../progress.ts';
import { formatColumns, headRow, painted } from '../table.ts';
import type { Style } from '../style.ts';
import { common } from './common.ts';
import { fetchOptions, nativeNames } from './obtain.ts';

export const handleList: Handler<(typeof emulatorsList)['options']> = ({ positionals, context }) => {
  const listed = listEmulators(context.host, targetsOf(positionals));
  return {
    exitCode: 0,
    document: { schema: 'anyarch/emulators-list/1', emulators: listed },
    text: formatList(listed, positionals.length > 0, context.terminal.style),
  };
};

export const handleFetch: Handler<(typeof emulatorsFetch)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const native = await nativeNames(context.host);
  const targets = targetsOf(positionals) ?? common.filter((name) => !native.has(name));
  const report = await withProgress(context, (onProgress) =>
    fetchEmulators(context.host, {
      targets,
      ...fetchOptions(context, options),
      suite: options.suite,
      version: options.version,
      allowExpired: options['allow-expired'] === true,
      onProgress,
    }),
  );
  const failed = report.results.filter((result) => result.outcome === 'failed').length;
  return {
    exitCode: failed === 0 ? 0 : failed === report.results.length ? 1 : 3,
    document: { schema: 'anyarch/emulators-fetch/1', ...report, results: report.results.map(asData) },
    text: formatFetched(report, context.terminal.style),
  };
};

export const handleVerify: Handler<(typeof emulatorsVerify)['options']> = async ({
  positionals,
  context,
}) => {
  const results = await verifyEmulators(context.host, targetsOf(positionals));
  const bad = results.filter((result) => result.outcome !== 'intact');
  return {
    exitCode: bad.length === 0 ? 0 : bad.length === results.length ? 1 : 3,
    document: { schema: 'anyarch/emulators-verify/1', results },
    text: formatVerified(results, context.terminal.style),
  };
};

/** Undefined: the command's default. */
function targetsOf(words: readonly string[]): readonly string[] | undefined {
  const names = words.flatMap((word) => word.split(',')).filter((name) => name !== '');
  if (names.length === 0) return undefined;
  if (names.includes('all')) return architectures.map(({ name }) => name);
  return names.map((name) => findArchitecture(name).name);
}

function formatList(listed: readonly ListedEmulators[], wanted: boolean, style: Style): string {
  const rows = listed.flatMap(({ target, inUse, candidates }) =>
    candidates.map(({ path, emulator, rejected }) => [
      platformOf(target),
      emulator === undefined
        ? painted(style.dim, 'rejected')
        : path === inUse
          ? painted(style.green, 'in use')
          : 'usable',
      emulator?.version ?? '',
      emulator?.linkage ?? '',
      emulator?.origin ?? '',
      rejected === undefined ? path : `${path}: ${rejected}`,
    ]),
  );
  const missing = listed
    .filter(({ candidates }) => candidates.length === 0)
    .map(({ target }) => platformOf(target));
  const none =
    missing.length > 0 && (wanted || rows.length === 0)
      ? `none for ${missing.join(', ')}. Next: anyarch emulators fetch ${wanted ? missing.join(' ') : ''}`.trimEnd() +
        '\n'
      : '';
  if (rows.length === 0) return none;
  return (
    formatColumns([headRow(style.bold, ['ARCH', 'STATE', 'VERSION', 'LINKAGE', 'ORIGIN', 'PATH']), ...rows]) +
    none
  );
}

function formatFetched(report: FetchReport, style: Style): string {
  const rows = report.results.map((result) =>
    result.outcome === 'failed'
      ? [
          painted(style.red, 'failed'),
          platformOf(result.target),
          `${result.error.message} [${result.error.code}]`,
          result.error.hint === undefined ? '' : `next: ${result.error.hint}`,
        ]
      : [
          painted(style.green, result.outcome === 'fetched' ? 'fetched' : 'present'),
          platformOf(result.target),
          `QEMU ${result.emulator.version}`,
          result.emulator.path,
        ],
  );
  const source =
    report.package === undefined
      ? ''
      : `${report.package.name} ${report.package.version} from ${report.package.suite}, verified\n`;
  return source + formatColumns(rows);
}

function formatVerified(results: readonly VerifyResult[], style: Style): string {
  if (results.length === 0) return 'no emulator is stored. Next: anyarch emulators fetch\n';
  const rows = results.map((result) => [
    result.outcome === 'intact' ? painted(style.green, 'intact') : painted(style.red, result.outcome),
    platformOf(result.target),
    `QEMU ${result.version}`,
    result.path,
  ]);
  const repair = results.some((result) => result.outcome !== 'intact')
    ? 'next: anyarch emulators fetch (repairs them)\n'
    : '';
  return formatColumns(rows) + repair;
}

function asData(result: FetchReport['results'][number]): unknown {
  if (result.outcome !== 'failed') return result;
  const { code, message, hint } = result.error;
  return { target: result.target, outcome: result.outcome, error: { code, message, hint } };
}

function platformOf(target: string): string {
  return lookUpArchitecture(target)?.platforms[0]?.replace(/^linux\//, '') ?? target;
}
