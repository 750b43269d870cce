import { architectures, findArchitecture, lookUpArchitecture } from '../../core/architecture.ts';
import { fetchEmulators, listEmulators, verifyEmulators } from '../../emulators/index.ts';
import type { FetchReport, ListedEmulators, VerifyResult } from '../../emulators/index.ts';
import { findInterposed, verifyInterposed, type VerifiedInterposed } from '../../interposer/index.ts';
import type { Context, Handler } from '../command.ts';
import type { emulatorsFetch, emulatorsList, emulatorsVerify } from '../commands/emulators.ts';
import { ownFile } from '../own-package.ts';
import { withProgress } from '../progress.ts';
import { formatColumns, headRow, painted } from '../table.ts';
import type { Style } from '../style.ts';
import { common } from './common.ts';
import { fetchOptions, nativeNames } from './obtain.ts';

export const handleList: Handler<(typeof emulatorsList)['options']> = ({ positionals, context }) => {
  const listed = listEmulators(context.host, targetsOf(positionals));
  return {
    exitCode: 0,
    document: { schema: 'anyarch/emulators-list/1', emulators: withInterposed(context, listed) },
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
  const targets = targetsOf(positionals);
  const results = await verifyEmulators(context.host, targets);
  const interposed = await verifyInterposed(context.host, targets);
  const all = [...results, ...interposed];
  const bad = all.filter((result) => result.outcome !== 'intact');
  return {
    exitCode: bad.length === 0 ? 0 : bad.length === all.length ? 1 : 3,
    document: { schema: 'anyarch/emulators-verify/1', results, interposed },
    text: formatVerified(results, interposed, context.terminal.style),
  };
};

/** What is used in the place of the one in use, or why that is used as it is; neither before something has been made. */
function withInterposed(context: Context, listed: readonly ListedEmulators[]): unknown[] {
  return listed.map((one) => {
    const emulator = one.candidates.find(({ path }) => path === one.inUse)?.emulator;
    const found =
      emulator === undefined
        ? undefined
        : findInterposed(context.host, emulator, { build: ownFile('build') });
    if (found === undefined) return one;
    const { path, sha256, interposed } = found.emulator;
    return {
      ...one,
      ...(interposed === undefined ? {} : { interposed: { path, sha256, ...interposed } }),
      ...(found.plain === undefined ? {} : { plain: found.plain }),
    };
  });
}

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

function formatVerified(
  results: readonly VerifyResult[],
  interposed: readonly VerifiedInterposed[],
  style: Style,
): string {
  if (results.length + interposed.length === 0)
    return 'no emulator is stored. Next: anyarch emulators fetch\n';
  const state = (outcome: VerifyResult['outcome']) =>
    outcome === 'intact' ? painted(style.green, 'intact') : painted(style.red, outcome);
  const rows = [
    ...results.map(({ outcome, target, version, path }) => [
      state(outcome),
      platformOf(target),
      `QEMU ${version}`,
      path,
    ]),
    ...interposed.map(({ outcome, target, path }) => [
      state(outcome),
      platformOf(target),
      'interposed',
      path,
    ]),
  ];
  const repair = results.some((result) => result.outcome !== 'intact')
    ? 'next: anyarch emulators fetch (repairs them)\n'
    : '';
  const remake = interposed.some((result) => result.outcome !== 'intact')
    ? 'next: anyarch register ARCH where it is registered, and persist or rootless enable likewise; whatever uses one makes it anew (damaged ones have been removed)\n'
    : '';
  return formatColumns(rows) + repair + remake;
}

function asData(result: FetchReport['results'][number]): unknown {
  if (result.outcome !== 'failed') return result;
  const { code, message, hint } = result.error;
  return { target: result.target, outcome: result.outcome, error: { code, message, hint } };
}

function platformOf(target: string): string {
  return lookUpArchitecture(target)?.platforms[0]?.replace(/^linux\//, '') ?? target;
}
