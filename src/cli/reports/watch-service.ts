import { printable } from '../../core/printable.ts';
import type { ServiceReport, ServiceStatus } from '../../watch/index.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';
import { formatColumns, painted } from '../table.ts';

/** @param unseen emulators that the service does not see */
export function serviceOutcome(
  what: 'enable' | 'disable',
  report: ServiceReport,
  { style, unseen = [] }: { readonly style: Style; readonly unseen?: readonly string[] },
): Outcome {
  const failed = report.commands.filter(({ error }) => error !== undefined);
  const refused = report.files.some(({ error }) => error !== undefined);
  const rows = report.files.map(({ kind, path, reason, error }) => [
    painted(error === undefined ? style.green : style.red, kind),
    path,
    error === undefined ? reason : `${error.message} [${error.code}]`,
  ]);
  const lines = [
    ...report.commands.map(({ command, error }) => {
      const end = error === undefined ? '' : `: ${error === '' ? 'failed' : error}`;
      return printable(`${report.dryRun ? 'would run' : 'ran'} ${command.join(' ')}${end}`);
    }),
    ...(rows.length === 0 ? ['no service is installed'] : []),
    ...(what === 'enable' && !report.isInitRunning
      ? [`${report.init ?? 'no init'} is not at work here: the service starts at the next boot`]
      : []),
    ...unseen.map((path) =>
      printable(
        `warning: the service will not see the emulator ${path}; next: anyarch register ARCH --qemu with one elsewhere, such as in /usr/local/bin`,
      ),
    ),
  ];
  return {
    exitCode: refused ? 1 : failed.length > 0 ? 3 : 0,
    document: {
      schema: `anyarch/watch-${what}/1`,
      ...report,
      ...(what === 'enable' ? { unseen } : {}),
      files: report.files.map(({ error, ...file }) => ({
        ...file,
        ...(error === undefined
          ? {}
          : { error: { code: error.code, message: error.message, hint: error.hint } }),
      })),
    },
    text: `${formatColumns(rows)}${lines.map((line) => `${line}\n`).join('')}`,
  };
}

/** @param style of the text */
export function serviceStatusOutcome({ files, pid }: ServiceStatus, style: Style): Outcome {
  const isWhole = files.every(({ state }) => state === 'same');
  const rows = files.map(({ path, state }) => [
    painted(state === 'same' ? style.green : style.yellow, state),
    path,
  ]);
  const lines = [
    files.length === 0 ? 'the service is not installed; next: sudo anyarch watch enable' : '',
    pid === undefined ? 'nobody watches' : `process ${pid} watches`,
  ].filter((line) => line !== '');
  return {
    exitCode: files.length === 0 || (isWhole && pid !== undefined) ? 0 : 1,
    document: { schema: 'anyarch/watch-status/1', isInstalled: files.length > 0, pid, files },
    text: `${formatColumns(rows)}${lines.map((line) => `${line}\n`).join('')}`,
  };
}
