import { AnyarchError } from '../../core/error.ts';
import { parseRule, type Rule } from '../../core/rule.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { BootRule } from './boot-rule.ts';

type Parts = Pick<Host, 'files'>;

/** binfmt.d(5), the strongest first. Where /lib is a link to /usr/lib, its files are masked by themselves. */
const directories = [
  '/etc/binfmt.d',
  '/run/binfmt.d',
  '/usr/local/lib/binfmt.d',
  '/usr/lib/binfmt.d',
  '/lib/binfmt.d',
];

/**
 * The rules of all files in the order in which systemd-binfmt writes them (src/binfmt/binfmt.c and conf-files.c, the same
 * in 246 to 257): files of all directories by their names' bytes; one of the same name in a stronger directory is read
 * instead. Lines that the kernel would refuse are left out.
 */
export function readBinfmtD(host: Parts): BootRule[] {
  return binfmtDFiles(host).flatMap((file) =>
    linesOf(host, file).flatMap((line): BootRule[] => {
      const rule = parseOrUndefined(line);
      return rule === undefined ? [] : [{ file, rule }];
    }),
  );
}

function binfmtDFiles({ files }: Parts): string[] {
  const paths = new Map<string, string>();
  for (const directory of directories) {
    for (const name of ignoring(unreadable, () => files.list(directory)) ?? [])
      if (name.endsWith('.conf') && !paths.has(name)) paths.set(name, `${directory}/${name}`);
  }
  return [...paths].toSorted(([a], [b]) => compareBytes(a, b)).map(([, path]) => path);
}

/** As strcmp(3) does in the C locale. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'];

/** Bytes; no configuration is nearly as long. */
const longest = 1024 * 1024;

/** A device or a pipe, such as the /dev/null that masks a file, has none. */
function linesOf({ files }: Parts, path: string): string[] {
  const status = ignoring(unreadable, () => files.status(path));
  if (status?.kind !== 'file' || status.size > longest) return [];
  const bytes = ignoring(unreadable, () => files.read(path));
  return decodeUtf8(bytes ?? new Uint8Array())
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'));
}

function parseOrUndefined(line: string): Rule | undefined {
  try {
    return parseRule(line);
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
