import { AnyarchError } from '../../core/error.ts';
import type { ErrorCode } from '../../core/error-code.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import type { DialectOutcome } from '../dialect.ts';
import type { MultiarchWish, TemplatesWish } from './options.ts';
import { scriptTemplates } from './script-templates.ts';

/**
 * Writes the files and nothing into the table.
 *
 * @throws AnyarchError ANYARCH_HOST_UNSUPPORTED, ANYARCH_NATIVE_ARCHITECTURE, ANYARCH_RULE_INVALID, ANYARCH_FILE,
 *   ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export function exportTemplates(
  host: Pick<Host, 'files' | 'system'>,
  wish: MultiarchWish,
  wanted: TemplatesWish,
): DialectOutcome {
  const { directory } = wanted;
  const { templates, stdout } = scriptTemplates(host, wish, wanted);
  if (host.files.status(directory)?.kind !== 'directory') {
    throw unwritable('ANYARCH_FILE', directory, 'there is no such directory');
  }
  for (const { fileName, text } of templates) write(host.files, `${directory}/${fileName}`, text);
  return { exitCode: 0, stdout, stderr: '' };
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
