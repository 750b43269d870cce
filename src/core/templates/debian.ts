import { AnyarchError } from '../error.ts';
import { quote } from '../text.ts';
import { magicText, maskText, type Template, type TemplateOptions, type TemplateTarget } from './template.ts';

/**
 * A file for `update-binfmts --import` (update-binfmts(8), binary format files), the same bytes as
 * `qemu-binfmt-conf.sh --debian` writes.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID when the interpreter's path has a line break
 */
export function debianTemplate(target: TemplateTarget, options: TemplateOptions): Template {
  const { interpreter, credentials, preserveArgv0, fixBinary } = options;
  const name = `qemu-${target.name}`;
  if (interpreter.includes('\n')) {
    throw new AnyarchError(
      'ANYARCH_RULE_INVALID',
      `no template can name the interpreter ${quote(interpreter)}`,
    );
  }
  const lines = [
    `package ${name}`,
    `interpreter ${interpreter}`,
    `magic ${magicText(target)}`,
    `mask ${maskText(target)}`,
    `credentials ${yesOrNo(credentials)}`,
    `preserve ${yesOrNo(preserveArgv0)}`,
    `fix_binary ${yesOrNo(fixBinary)}`,
  ];
  return { fileName: name, text: `${lines.join('\n')}\n` };
}

function yesOrNo(wanted: boolean): string {
  return wanted ? 'yes' : 'no';
}
