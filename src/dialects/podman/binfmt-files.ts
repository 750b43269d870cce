import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';

/** A line of a file for systemd-binfmt. */
export interface BinfmtLine {
  readonly file: string;
  /** What is to be written to `register`. */
  readonly rule: string;
}

/** binfmt.d(5), the strongest first. */
const directories = ['/etc/binfmt.d', '/run/binfmt.d', '/usr/local/lib/binfmt.d', '/usr/lib/binfmt.d'];

/**
 * The rules in systemd-binfmt's order: by the files' names, whatever directory they are in. A file hides those of the
 * same name in weaker directories; an empty one, or a link to /dev/null, does nothing else.
 */
export function readBinfmtFiles(files: Files): readonly BinfmtLine[] {
  const paths = new Map<string, string>();
  for (const directory of directories) {
    for (const name of ignoring(unreadable, () => files.list(directory)) ?? []) {
      if (name.endsWith('.conf') && !paths.has(name)) paths.set(name, `${directory}/${name}`);
    }
  }
  const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([, file]) => readRules(files, file));
}

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'ELOOP'];

function readRules(files: Files, file: string): BinfmtLine[] {
  if (files.status(file)?.kind !== 'file') return [];
  const bytes = ignoring(unreadable, () => files.read(file)) ?? new Uint8Array();
  return decodeUtf8(bytes)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'))
    .map((rule) => ({ file, rule }));
}
