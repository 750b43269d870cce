import { lookUpArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

/**
 * Files whose names say that they emulate a target, links resolved, each once.
 *
 * @param root directory that the usual ones are looked for below, for another system's files
 */
export function* installedFiles(
  { files, system }: Pick<Host, 'files' | 'system'>,
  target: string,
  root = '',
): Generator<string> {
  const seen = new Set<string>();
  for (const directory of usualDirectories(system.environment)) {
    for (const path of filesIn(files, `${root}${directory}`, target)) {
      if (!seen.has(path)) yield path;
      seen.add(path);
    }
  }
}

/** The same, in one directory. */
export function* filesIn(files: Host['files'], directory: string, target: string): Generator<string> {
  for (const name of emulatorNames(target)) {
    const path = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () =>
      files.resolve(`${directory}/${name}`),
    );
    if (path !== undefined) yield path;
  }
}

/** What QEMU and Debian call the emulator of a target; `-static` first, because without it older ones are dynamic. */
export function emulatorNames(target: string): string[] {
  const names = new Set([target, ...(lookUpArchitecture(target)?.debian ?? [])]);
  return [...names].flatMap((name) => [`qemu-${name}-static`, `qemu-${name}`]);
}

function usualDirectories(environment: Readonly<Record<string, string | undefined>>): Set<string> {
  const named = environment['ANYARCH_QEMU_DIR'];
  const path = (environment['PATH'] ?? '').split(':').filter((directory) => directory.startsWith('/'));
  return new Set([
    ...(named === undefined || named === '' ? [] : [named]),
    '/usr/bin',
    '/usr/local/bin',
    ...path,
  ]);
}
