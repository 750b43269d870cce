import { AnyarchError } from '../../core/error.ts';
import type { ErrorCode } from '../../core/error-code.ts';
import { debianTemplate } from '../../core/templates/debian.ts';
import type { ScriptTarget } from '../../core/templates/script-target.ts';
import { systemdTemplate } from '../../core/templates/systemd.ts';
import type { Template } from '../../core/templates/template.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import type { DialectOutcome } from '../dialect.ts';
import { interpreterPath } from './interpreter-path.ts';
import type { MultiarchWish, TemplatesWish } from './options.ts';
import { settingLine, targetsFor } from './register-targets.ts';

/**
 * Writes the files and nothing into the table.
 *
 * @throws AnyarchError ANYARCH_HOST_UNSUPPORTED, ANYARCH_NATIVE_ARCHITECTURE, ANYARCH_RULE_INVALID, ANYARCH_FILE,
 *   ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export function exportTemplates(
  host: Pick<Host, 'files' | 'system'>,
  wish: MultiarchWish,
  { kind, target, directory }: TemplatesWish,
): DialectOutcome {
  const all = targetsFor(host, wish);
  const targets = target === 'ALL' ? all : all.filter(({ name }) => name === target);
  if (targets.length === 0) throw ownFamily(target);
  const templates = targets.map((one) => templateOf(kind, one, wish));
  if (host.files.status(directory)?.kind !== 'directory') {
    throw unwritable('ANYARCH_FILE', directory, 'there is no such directory');
  }
  for (const { fileName, text } of templates) write(host.files, `${directory}/${fileName}`, text);
  const lines = targets.map((one) => `${settingLine(one, wish)} for systemd-binfmt.service\n`);
  return { exitCode: 0, stdout: kind === 'systemd' ? lines.join('') : '', stderr: '' };
}

function templateOf(kind: TemplatesWish['kind'], target: ScriptTarget, wish: MultiarchWish): Template {
  const { credentials, fixBinary, preserveArgv0 } = wish;
  const interpreter = interpreterPath(wish, target.architecture.name);
  const options = { interpreter, credentials, fixBinary, preserveArgv0 };
  return kind === 'systemd' ? systemdTemplate(target, options) : debianTemplate(target, options);
}

function write(files: Host['files'], path: string, text: string): void {
  try {
    files.writeAtomic(path, encodeUtf8(text), 0o644);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw unwritable(codes[error.errno] ?? 'ANYARCH_FILE', path, error.errno, error);
  }
}

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'ANYARCH_DISK_FULL',
  EDQUOT: 'ANYARCH_DISK_FULL',
  EACCES: 'ANYARCH_PERMISSION',
  EPERM: 'ANYARCH_PERMISSION',
  EROFS: 'ANYARCH_PERMISSION',
};

function unwritable(code: ErrorCode, path: string, reason: string, cause?: SystemError): AnyarchError {
  return new AnyarchError(code, `cannot write to ${path} (${reason})`, {
    hint: 'mount the directory that the files are for, and name it: -v /etc/binfmt.d:/out … --exportdir /out',
    cause,
  });
}

/** The script writes nothing then, in silence. */
function ownFamily(target: string): AnyarchError {
  return new AnyarchError('ANYARCH_NATIVE_ARCHITECTURE', `${target} is of this machine's own family`, {
    hint: '--ignore-family yes, or for another machine its name: -e HOST_ARCH=x86_64',
  });
}
