import { AnyarchError } from '../../core/error.ts';
import { debianTemplate } from '../../core/templates/debian.ts';
import type { ScriptTarget } from '../../core/templates/script-target.ts';
import { systemdTemplate } from '../../core/templates/systemd.ts';
import type { Template } from '../../core/templates/template.ts';
import type { Host } from '../../host/host.ts';
import { interpreterPath } from './interpreter-path.ts';
import type { MultiarchWish, TemplatesWish } from './options.ts';
import { settingLine, targetsFor } from './register-targets.ts';

/** The files that QEMU's script writes, and what it prints. */
export interface ScriptTemplates {
  readonly templates: readonly Template[];
  readonly stdout: string;
}

/** @throws AnyarchError ANYARCH_HOST_UNSUPPORTED, ANYARCH_NATIVE_ARCHITECTURE, ANYARCH_RULE_INVALID */
export function scriptTemplates(
  host: Pick<Host, 'system'>,
  wish: MultiarchWish,
  { kind, target }: TemplatesWish,
): ScriptTemplates {
  const all = targetsFor(host, wish);
  const targets = target === 'ALL' ? all : all.filter(({ name }) => name === target);
  if (targets.length === 0) throw ownFamily(target);
  const lines = targets.map((one) => `${settingLine(one, wish)} for systemd-binfmt.service\n`);
  return {
    templates: targets.map((one) => templateOf(kind, one, wish)),
    stdout: kind === 'systemd' ? lines.join('') : '',
  };
}

function templateOf(kind: TemplatesWish['kind'], target: ScriptTarget, wish: MultiarchWish): Template {
  const { credentials, fixBinary, preserveArgv0 } = wish;
  const interpreter = interpreterPath(wish, target.architecture.name);
  const options = { interpreter, credentials, fixBinary, preserveArgv0 };
  return kind === 'systemd' ? systemdTemplate(target, options) : debianTemplate(target, options);
}

/** The script writes nothing then, in silence. */
function ownFamily(target: string): AnyarchError {
  return new AnyarchError('ANYARCH_NATIVE_ARCHITECTURE', `${target} is of this machine's own family`, {
    hint: '--ignore-family yes, or for another machine its name: -e HOST_ARCH=x86_64',
  });
}
