import { absolutePath } from '../../core/absolute-path.ts';
import { AnyarchError } from '../../core/error.ts';
import { interpreterDirectory, interpreterSuffix } from '../../core/templates/interpreter.ts';
import { isMarked, marked, planExport, planFiles, writeFiles } from '../../export/index.ts';
import type { ExportForm, ExportPlan, ExportWish, FileAction } from '../../export/index.ts';
import type { Context, Handler, Outcome } from '../command.ts';
import type { exportRules } from '../commands/export.ts';
import { exportOutcome, printedOutcome } from '../reports/export.ts';
import { wantedArchitectures } from '../reports/registration.ts';
import { classicOptions, handleClassicExport, type ExportOptions } from './export-classic.ts';

export const handleExport: Handler<(typeof exportRules)['options']> = ({ options, positionals, context }) => {
  const [form, ...names] = positionals;
  const [classic] = classicOptions(options);
  if (form === undefined) return handleClassicExport(options, context);
  if (classic !== undefined) throw mixed(classic);
  const wish = wishOf(form as ExportForm, names, options);
  const plan = planExport(context.host, wish);
  return options.dir === undefined ? printed(plan, wish) : written(plan, wish, options, options.dir, context);
};

function wishOf(form: ExportForm, names: readonly string[], options: ExportOptions): ExportWish {
  return {
    form,
    architectures: wantedArchitectures(names),
    hostArchitecture: options.host,
    ownFamily: options['own-family'] === true,
    qemu: options.qemu,
    interpreters: interpretersOf(options),
    credentials: options.credentials === true,
    fixBinary: options['no-fix-binary'] !== true,
    openBinary: options['open-binary'] === true,
    preserveArgv0: preserveArgv0Of(options['preserve-argv0']),
    force: options.force === true,
  };
}

function interpretersOf(options: ExportOptions): ExportWish['interpreters'] {
  const { 'qemu-path': path, 'qemu-suffix': suffix, qemu } = options;
  if (path === undefined && suffix === undefined) return undefined;
  if (qemu !== undefined) {
    throw new AnyarchError(
      'ANYARCH_USAGE',
      '--qemu chooses an emulator of this machine, --qemu-path names none',
      {
        hint: 'use one of them',
      },
    );
  }
  const directory = interpreterDirectory(path ?? '/usr/bin').replace(/(?<=.)\/+$/, '');
  return { directory: directory === '/' ? '' : directory, suffix: interpreterSuffix(suffix ?? '') };
}

function preserveArgv0Of(given: string | undefined): ExportWish['preserveArgv0'] {
  if (given === undefined || given === 'auto') return 'auto';
  if (given === 'yes' || given === 'no') return given === 'yes';
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `--preserve-argv0 is one of auto, yes, no, not "${given.slice(0, 60)}"`,
  );
}

/** Files for systemd are lines, which stay what they are in one file; update-binfmts takes a file's name for the entry's. */
function printed(plan: ExportPlan, wish: ExportWish): Outcome {
  if (wish.form === 'debian' && plan.files.length > 1) {
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `${plan.files.length} files for update-binfmts do not fit into one`,
      {
        hint: 'name one ARCH, or a directory: --dir /usr/share/binfmts',
      },
    );
  }
  return printedOutcome(plan, wish, marked(plan.files.map(({ body }) => body).join('')));
}

function written(
  plan: ExportPlan,
  wish: ExportWish,
  options: ExportOptions,
  given: string,
  { host, terminal }: Context,
): Outcome {
  const directory = absolutePath(given, process.cwd());
  const isDryRun = options['dry-run'] === true;
  const wanted = plan.files.map(({ fileName, body }) => ({ fileName, text: marked(body) }));
  const actions: readonly FileAction[] = planFiles(host.files, directory, wanted, {
    isOurs: isMarked,
    force: wish.force,
  });
  if (!isDryRun) writeFiles(host, directory, actions);
  return exportOutcome({ ...plan, form: wish.form, directory, actions, dryRun: isDryRun }, terminal.style);
}

function mixed(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `--${name} is an option of QEMU's script, which names no FORM`, {
    hint: 'anyarch export --help shows both spellings',
  });
}
