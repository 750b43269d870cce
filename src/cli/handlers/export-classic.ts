import { absolutePath } from '../../core/absolute-path.ts';
import { AnyarchError } from '../../core/error.ts';
import { classicExport, isClassic, isMarked, planFiles, writeFiles } from '../../export/index.ts';
import type { Context, OptionValues, Outcome } from '../command.ts';
import type { exportRules } from '../commands/export.ts';

export type ExportOptions = OptionValues<(typeof exportRules)['options']>;

/** Of QEMU's script alone. */
const onlyClassic = ['systemd', 'debian', 'exportdir', 'persistent', 'credential', 'ignore-family'] as const;
/** Those that both spellings have. */
const shared = ['qemu-path', 'qemu-suffix', 'preserve-argv0'] as const;

/** Those of the options that only QEMU's script has. */
export function classicOptions(options: ExportOptions): readonly string[] {
  return onlyClassic.filter((name) => options[name] !== undefined);
}

/**
 * `qemu-binfmt-conf.sh`'s command line.
 *
 * @throws AnyarchError what `classicExport`, `planFiles` and `writeFiles` throw
 */
export function handleClassicExport(options: ExportOptions, { host }: Context): Outcome {
  const known: readonly string[] = [...onlyClassic, ...shared, 'force', 'dry-run'];
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other !== undefined) {
    throw new AnyarchError('ANYARCH_USAGE', `--${other} needs a FORM: systemd or debian`, {
      hint: `anyarch export systemd --${other} …`,
    });
  }
  const { form, directory, files, stdout } = classicExport(host, wordsOf(options));
  const path = absolutePath(directory, process.cwd());
  const actions = planFiles(host.files, path, files, {
    isOurs: (text, fileName) => isMarked(text) || isClassic(form, text, fileName),
    force: options.force === true,
  });
  const isDryRun = options['dry-run'] === true;
  if (!isDryRun) writeFiles(host, path, actions);
  return {
    exitCode: 0,
    document: {
      schema: 'anyarch/export/1',
      form,
      directory: path,
      dryRun: isDryRun,
      files: actions.map(({ kind, path: file }, index) => ({
        path: file,
        action: kind,
        text: files[index]?.text,
      })),
      leftOut: [],
      warnings: [],
    },
    text: isDryRun ? actions.map(({ kind, path: file }) => `would ${kind} ${file}\n`).join('') : stdout,
  };
}

function wordsOf(options: ExportOptions): string[] {
  return [...onlyClassic, ...shared].flatMap((name) => {
    const value = options[name];
    if (value === undefined) return [];
    return typeof value === 'string' ? [`--${name}=${value}`] : [`--${name}`];
  });
}
