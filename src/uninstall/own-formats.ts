import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { coded } from './coded.ts';
import { failedAt, joined, type StepResult } from './report.ts';

/** update-binfmts(8) keeps one file for each format here. */
export const formatsDirectory = '/var/lib/binfmts';

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'];

interface OwnFormat {
  readonly name: string;
  readonly file: string;
  readonly interpreter: string;
}

/** Formats that are ours by their package and interpreter, whatever is recorded: a killed command may have made them. */
export function ownFormats({ files }: Pick<Host, 'files'>): OwnFormat[] {
  const names = ignoring(unreadable, () => files.list(formatsDirectory)) ?? [];
  return names.toSorted().flatMap((name) => {
    const file = `${formatsDirectory}/${name}`;
    const text = ignoring(unreadable, () => decodeUtf8(files.read(file)));
    // Lines: package, type, offset, magic, mask, interpreter … (binfmt-support, src/format.c).
    const [owner, , , , , interpreter = ''] = text?.split('\n').map((line) => line.trim()) ?? [];
    return owner === 'anyarch' && interpreter.startsWith(`${systemDirectory}/`)
      ? [{ name, file, interpreter }]
      : [];
  });
}

/** Takes them out of binfmt-support's database, and so out of the table, too. */
export function removeFormats(
  host: Pick<Host, 'files' | 'system' | 'processes'>,
  dryRun: boolean,
): StepResult {
  return joined(
    ownFormats(host).map((format): StepResult => {
      const { file } = format;
      const done = { removed: [{ kind: 'configuration', subject: file } as const], left: [] };
      if (dryRun) return done;
      try {
        removeFormat(host, format);
        return done;
      } catch (error) {
        return failedAt(file, coded(host, file, error));
      }
    }),
  );
}

function removeFormat(
  { files, processes }: Pick<Host, 'files' | 'processes'>,
  { name, file, interpreter }: OwnFormat,
): void {
  const words = ['update-binfmts', '--package', 'anyarch', '--remove', name, interpreter];
  const { startError, stderr, exitCode } = processes.run(words, { environment: { LC_ALL: 'C' } });
  if (files.linkStatus(file) === undefined) return;
  if (startError === 'ENOENT') {
    // binfmt-support is gone and has left its database: it would come back with it.
    files.remove(file);
    return;
  }
  const reason = startError ?? (stderr.trim() || `it ended with ${exitCode ?? 'a signal'}`);
  throw new AnyarchError('ANYARCH_FILE', `update-binfmts did not remove ${file}: ${reason}`, {
    hint: words.join(' '),
    details: { path: file },
  });
}
