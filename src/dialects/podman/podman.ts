import { AnyarchError } from '../../core/error.ts';
import { quote } from '../../core/text.ts';
import { confinementWarnings, withWarnings } from '../confinement/warnings.ts';
import type { Dialect } from '../dialect.ts';
import { problemList } from '../problem-list.ts';
import { readBinfmtFiles } from './binfmt-files.ts';
import { configurationOf, type ConfiguredRule } from './configured-rule.ts';
import { registerConfigured, registerImage } from './register-emulators.ts';
import { writeRules } from './write-rules.ts';

/**
 * What the recipes for podman do: a container without arguments, or one that calls systemd-binfmt. The rules of the
 * container's own binfmt.d are registered, and for architectures that they do not name, every emulator of the image.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_EMULATOR_NOT_FOUND when there is nothing to register, and what registering throws
 */
export const podman: Dialect = ({ host, words }) => {
  refuseWords(words);
  const { rules, problems } = configurationOf(readBinfmtFiles(host.files));
  const own = new Set(rules.flatMap(({ architecture }) => architecture?.name ?? []));
  const done = [
    registerImage(host, own, rules.length > 0),
    ...registerConfigured(host, rules.filter(isOrdinary)),
    // After the others, which have mounted the table.
    writeRules(
      host,
      rules.filter((one) => !isOrdinary(one)),
    ),
  ];
  const failed = [...problems, ...done.flatMap((one) => one.problems)];
  const lines = done.flatMap((one) => one.lines);
  const outcome = {
    exitCode: failed.length === 0 ? 0 : lines.length > 0 ? 3 : 1,
    stdout: lines.map((line) => `${line}\n`).join(''),
    stderr: problemList(failed),
  };
  return withWarnings(outcome, confinementWarnings(host, { fixBinary: true }));
};

function refuseWords([program, ...rest]: readonly string[]): void {
  const isProgram = program === undefined || /(^|\/)systemd-binfmt$/.test(program);
  const [unknown] = isProgram ? rest : [program];
  if (unknown === undefined) return;
  throw new AnyarchError('ANYARCH_USAGE', `${quote(unknown)} means nothing to systemd-binfmt here`, {
    hint: 'it registers all that the image has when nothing, or systemd-binfmt alone, is behind its name',
  });
}

/** Flag O without C is nothing that anyarch registers by itself. */
function isOrdinary({ architecture, rule: { flags } }: ConfiguredRule): boolean {
  return architecture !== undefined && flags.openBinary === flags.credentials;
}
