import { AnyarchError } from '../error.ts';
import { parseRule } from '../rule.ts';
import { quote } from '../text.ts';
import { magicText, maskText, type Template, type TemplateOptions, type TemplateTarget } from './template.ts';

/** The first that the interpreter's path does not contain; the script knows only the colon. */
const delimiters = [':', ',', ';', '|', '@', '!'];

/**
 * A file for /etc/binfmt.d (binfmt.d(5)), the same bytes as `qemu-binfmt-conf.sh --systemd` writes where its own can be
 * read again.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID when the kernel would refuse the rule
 */
export function systemdTemplate(target: TemplateTarget, options: TemplateOptions): Template {
  const { interpreter } = options;
  const name = `qemu-${target.name}`;
  const delimiter = delimiters.find((one) => !interpreter.includes(one)) ?? ':';
  const fields = ['', name, 'M', '', magicText(target), maskText(target), interpreter, flagsText(options)];
  const line = fields.join(delimiter);
  // systemd reads the file line by line.
  if (interpreter.includes('\n') || parseRule(line).interpreter !== interpreter) {
    throw new AnyarchError('ANYARCH_RULE_INVALID', `no rule can name the interpreter ${quote(interpreter)}`);
  }
  return { fileName: `${name}.conf`, text: `${line}\n` };
}

/** In the script's order. */
function flagsText({ credentials, fixBinary, preserveArgv0, openBinary = false }: TemplateOptions): string {
  return (credentials ? 'OC' : openBinary ? 'O' : '') + (fixBinary ? 'F' : '') + (preserveArgv0 ? 'P' : '');
}
