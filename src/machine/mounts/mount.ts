import { AnyarchError } from '../../core/error.ts';
import type { Files } from '../../host/files.ts';
import { parseVolume } from '../../run/index.ts';
import type { Mount } from '../record.ts';

/** Where a guest has its system: a directory of the host there would leave none. */
const taken = [
  'bin',
  'boot',
  'dev',
  'etc',
  'lib',
  'lib32',
  'lib64',
  'proc',
  'run',
  'sbin',
  'sys',
  'usr',
  'var',
];

/**
 * Reads `DIR:PATH[:ro|:rw]`, as `--mount` takes it.
 *
 * @param directory what a relative DIR starts at
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseMount(text: string, directory: string, files: Pick<Files, 'status'>): Mount {
  const { source, target, readOnly, kind } = parseVolume(text, directory, files);
  const path = target.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  if (kind !== 'directory') throw misuse(text, `${source} is a file, and machines see directories only`);
  // It becomes a line of /etc/fstab, and every program that reads one has its own idea of escapes.
  if (/[\s\\"'#]|[^\x21-\x7e]/.test(path))
    throw misuse(text, 'the path in the guest has characters that fstab cannot tell');
  if (path.split('/').includes('.')) throw misuse(text, 'the path in the guest must not contain "."');
  if (taken.includes(path.slice(1))) throw misuse(text, `${path} is the guest's own`);
  return { source, target: path, isReadOnly: readOnly };
}

/** All that `--mount` was given. @throws AnyarchError ANYARCH_USAGE also where two want the same place */
export function parseMounts(
  texts: readonly string[],
  directory: string,
  files: Pick<Files, 'status'>,
): Mount[] {
  const mounts = texts.map((text) => parseMount(text, directory, files));
  mounts.forEach(({ target }, index) => {
    if (mounts.slice(0, index).some((other) => other.target === target))
      throw misuse(texts[index] ?? '', `another directory is mounted at ${target} already`);
  });
  return mounts;
}

export function describeMount({ source, target, isReadOnly }: Mount): string {
  return `${source} at ${target}${isReadOnly ? ', read only' : ''}`;
}

/** What the guest finds the directory by. @param index its place in the machine's list */
export function mountTag({ number }: Pick<Mount, 'number'>, index: number): string {
  return `anyarch${number ?? index}`;
}

function misuse(text: string, reason: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `mount "${text.slice(0, 200)}": ${reason}`, {
    hint: 'write it as DIR:PATH or DIR:PATH:ro, such as --mount ~/src:/src',
  });
}
