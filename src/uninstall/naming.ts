import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { ignoring } from '../host/system-error.ts';
import { recordedPaths } from '../installed-files/index.ts';
import { coded } from './coded.ts';
import { formatsDirectory, ownFormats } from './own-formats.ts';
import { didNothing, failedAt, joined, type StepResult } from './report.ts';
import { unrecordedFiles } from './unrecorded.ts';

/** What registers entries at boot: binfmt.d(5), and the database of update-binfmts(8). */
const directories = [
  '/etc/binfmt.d',
  '/run/binfmt.d',
  '/usr/local/lib/binfmt.d',
  '/usr/lib/binfmt.d',
  formatsDirectory,
];

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'];

/**
 * Files of others, or that others have changed, that have our emulators registered at boot. Without the emulators each boot would fail there: systemd-binfmt
 * ends with an error, and registers nothing for that architecture.
 */
export function namedByOthers(host: Host, state: string): StepResult {
  const unrecorded = unrecordedFiles(host, new Set());
  const ours = new Set([
    ...recordedHere(host, state),
    ...ownFormats(host).map(({ file }) => file),
    ...unrecorded.filter(({ isChanged }) => !isChanged).map(({ path }) => path),
  ]);
  const changed = new Set(unrecorded.filter(({ isChanged }) => isChanged).map(({ path }) => path));
  const files = directories.flatMap((directory) => {
    const names = ignoring(unreadable, () => host.files.list(directory)) ?? [];
    return names.toSorted().map((name) => `${directory}/${name}`);
  });
  const isRead = (path: string): boolean => path.endsWith('.conf') || path.startsWith(`${formatsDirectory}/`);
  const naming = files.filter((path) => isRead(path) && !ours.has(path) && names(host, path));
  return naming.length === 0
    ? didNothing
    : joined(naming.map((path) => failedAt(path, changed.has(path) ? changedSince(path) : foreign(path))));
}

function names({ files }: Pick<Host, 'files'>, path: string): boolean {
  const text = ignoring(unreadable, () => decodeUtf8(files.read(path))) ?? '';
  return text.split('\n').some((line) => !/^\s*[#;]/.test(line) && line.includes(`${systemDirectory}/`));
}

function recordedHere(host: Host, state: string): readonly string[] {
  try {
    return [...recordedPaths(host, state, 'persistence')];
  } catch (error) {
    coded(host, state, error);
    return [];
  }
}

function foreign(path: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_FILE_OF_OTHERS',
    `${path} has emulators below ${systemDirectory} registered at boot, and anyarch did not make it: they stay`,
    {
      hint: 'remove it, or let it name other emulators, and run the command again; --force removes them all the same',
      details: { path },
    },
  );
}

function changedSince(path: string): AnyarchError {
  return new AnyarchError('ANYARCH_FILE_CHANGED', `${path} was changed since anyarch wrote it`, {
    hint: `--force keeps what is there as ${path}.anyarch-saved`,
    details: { path },
  });
}
