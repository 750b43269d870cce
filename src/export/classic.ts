import { AnyarchError } from '../core/error.ts';
import { debianTemplate } from '../core/templates/debian.ts';
import { parseRule } from '../core/rule.ts';
import { scriptTargets } from '../core/templates/script-target.ts';
import { systemdTemplate } from '../core/templates/systemd.ts';
import type { Template, TemplateOptions } from '../core/templates/template.ts';
import { readScriptWish, scriptTemplates } from '../dialects/index.ts';
import type { Host } from '../host/host.ts';
import type { ExportForm } from './wish.ts';

export interface ClassicExport {
  readonly form: ExportForm;
  readonly directory: string;
  readonly files: readonly Template[];
  /** What the script prints. */
  readonly stdout: string;
}

/** QEMU's own (scripts/qemu-binfmt-conf.sh); those of multiarch's image are others. */
const scriptDefaults = { qemuPath: '/usr/local/bin', qemuSuffix: '' };

/**
 * What `qemu-binfmt-conf.sh` writes for the same words, byte for byte. Of the environment HOST_ARCH and EXPORTDIR count.
 *
 * @param words with `--systemd CPU|ALL` or `--debian`
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_HOST_UNSUPPORTED,
 *   ANYARCH_NATIVE_ARCHITECTURE, ANYARCH_RULE_INVALID
 */
export function classicExport(host: Pick<Host, 'system'>, words: readonly string[]): ClassicExport {
  const wish = readScriptWish(words, host.system.environment, scriptDefaults);
  if (wish.templates === undefined) {
    throw new AnyarchError('ANYARCH_USAGE', 'export needs what to write: systemd or debian', {
      hint: 'anyarch export systemd, anyarch export debian --dir DIR, or anyarch export --systemd ALL',
    });
  }
  const { kind, directory } = wish.templates;
  const { templates, stdout } = scriptTemplates(host, wish, wish.templates);
  return { form: kind, directory, files: templates, stdout };
}

/** Whether the script writes exactly this text for some options: it would replace it without being asked, too. */
export function isClassic(form: ExportForm, text: string, fileName: string): boolean {
  const target = scriptTargets.find(
    ({ name }) => fileName === (form === 'systemd' ? `qemu-${name}.conf` : `qemu-${name}`),
  );
  if (target === undefined) return false;
  try {
    return form === 'systemd'
      ? systemdTemplate(target, systemdOptions(text)).text === text
      : debianTemplate(target, debianOptions(text)).text === text;
  } catch (error) {
    if (error instanceof AnyarchError) return false;
    throw error;
  }
}

function systemdOptions(text: string): TemplateOptions {
  const { interpreter, flags } = parseRule(text.trimEnd());
  return { interpreter, ...flags };
}

function debianOptions(text: string): TemplateOptions {
  const fields = new Map(
    text.split('\n').map((line) => [line.split(' ', 1)[0], line.slice(line.indexOf(' ') + 1)]),
  );
  const isYes = (name: string): boolean => fields.get(name) === 'yes';
  return {
    interpreter: fields.get('interpreter') ?? '',
    credentials: isYes('credentials'),
    preserveArgv0: isYes('preserve'),
    fixBinary: isYes('fix_binary'),
  };
}
