import { printableLines } from '../../core/printable.ts';
import type { ExportForm, ExportPlan, ExportWish, FileAction } from '../../export/index.ts';
import type { Outcome } from '../command.ts';
import { formatColumns, painted } from '../table.ts';
import type { Style } from '../style.ts';

export interface WrittenExport extends ExportPlan {
  readonly form: ExportForm;
  readonly directory: string;
  /** One for each of the files. */
  readonly actions: readonly FileAction[];
  readonly dryRun: boolean;
}

/** Rules on stdout, to be piped into a file; what is to be said about them on stderr. */
export function printedOutcome(plan: ExportPlan, { form }: Pick<ExportWish, 'form'>, text: string): Outcome {
  const { files, leftOut, warnings } = plan;
  const remarks = notes(plan);
  return {
    exitCode: 0,
    document: {
      schema: 'anyarch/export/1',
      form,
      dryRun: false,
      files: files.map(({ architecture, interpreter, fileName, body }) => ({
        architecture,
        interpreter,
        fileName,
        text: body,
      })),
      leftOut,
      warnings,
    },
    text,
    ...(remarks === '' ? {} : { errorText: remarks }),
  };
}

/** @param style of the text */
export function exportOutcome(written: WrittenExport, style: Style): Outcome {
  const { form, directory, files, leftOut, warnings, actions, dryRun } = written;
  const remarks = notes(written);
  return {
    exitCode: 0,
    document: {
      schema: 'anyarch/export/1',
      form,
      directory,
      dryRun,
      files: files.map(({ architecture, interpreter, body }, index) => ({
        architecture,
        interpreter,
        path: actions[index]?.path,
        action: actions[index]?.kind,
        text: body,
      })),
      leftOut,
      warnings,
    },
    text: formatFiles(written, style) + (dryRun ? '' : nextStep(written)),
    ...(remarks === '' ? {} : { errorText: remarks }),
  };
}

function formatFiles({ files, actions, dryRun }: WrittenExport, style: Style): string {
  return formatColumns(
    files.map(({ interpreter }, index) => {
      const { kind, path } = actions[index] ?? { kind: 'keep', path: '' };
      return [
        dryRun && kind !== 'keep' ? painted(style.yellow, `would ${kind}`) : painted(style.green, done[kind]),
        path,
        interpreter,
      ];
    }),
  );
}

const done: Readonly<Record<FileAction['kind'], string>> = {
  create: 'created',
  replace: 'replaced',
  keep: 'kept',
};

function nextStep({ form, directory, actions }: WrittenExport): string {
  if (form === 'debian') {
    const [only, ...others] = actions.map(({ path }) => path);
    if (only === undefined) return '';
    if (others.length === 0) return printableLines(`next: sudo update-binfmts --import ${shellWord(only)}\n`);
    return printableLines(
      directory === '/usr/share/binfmts'
        ? 'next: sudo update-binfmts --import\n'
        : `next: for f in ${shellWord(directory)}/qemu-*; do sudo update-binfmts --import "$f"; done\n`,
    );
  }
  return directory.endsWith('/binfmt.d') ? 'next: sudo systemctl restart systemd-binfmt\n' : '';
}

function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function notes({ leftOut, warnings }: ExportPlan): string {
  const named = (why: string) =>
    leftOut
      .filter((one) => one.why === why)
      .map(({ architecture }) => architecture)
      .join(', ');
  const [own, missing] = [named('own-family'), named('no-emulator')];
  return printableLines(
    [
      ...(own === ''
        ? []
        : [`left out, as the machine's own family: ${own} (--own-family exports all but its own)`]),
      ...(missing === ''
        ? []
        : [`left out, as there is no emulator: ${missing} (anyarch emulators fetch, or --qemu-path)`]),
      ...warnings.map((warning) => `warning: ${warning}`),
    ]
      .map((line) => `anyarch: ${line}\n`)
      .join(''),
  );
}
