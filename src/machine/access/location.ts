import { AnyarchError } from '../../core/error.ts';

/** One end of a copy. */
export type Location =
  | { readonly kind: 'host'; readonly path: string }
  /** `path` is absolute, or relative to the home directory; never begins with a dash. */
  | { readonly kind: 'guest'; readonly machine: string; readonly path: string };

/**
 * Reads `NAME:PATH` as a machine's, anything else as the host's. As with scp, a colon behind a slash is part of a name:
 * `./odd:name`.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseLocation(text: string): Location {
  const [, machine, path = ''] = /^([^/:]*):(.*)$/s.exec(text) ?? [];
  if (text === '') throw misuse('a path is empty');
  if (machine === undefined) return { kind: 'host', path: text };
  if (machine === '') throw misuse(`"${text}" names no machine before its colon`);
  return { kind: 'guest', machine, path: guestPath(path) };
}

function guestPath(path: string): string {
  if (path.includes('\0')) throw misuse('a path contains NUL');
  const inside = path === '~' ? '' : path.replace(/^~\//, '');
  if (inside.startsWith('/')) return inside;
  return inside === '' ? '.' : `./${inside}`;
}

export interface Copy {
  readonly direction: 'into' | 'outOf';
  readonly machine: string;
  readonly sources: readonly string[];
  readonly target: string;
}

/**
 * What `SRC… DST` asks for.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseCopy(words: readonly string[]): Copy {
  const locations = words.map(parseLocation);
  const target = locations.at(-1);
  const sources = locations.slice(0, -1);
  const [first] = sources;
  if (target === undefined || first === undefined) throw misuse('a source and a target are needed');
  const machines = new Set(
    locations.flatMap((location) => (location.kind === 'guest' ? [location.machine] : [])),
  );
  if (sources.some(({ kind }) => kind !== first.kind))
    throw misuse('the sources must all be of the host, or all of one machine');
  if (first.kind === target.kind)
    throw misuse(
      target.kind === 'host'
        ? 'neither side is a machine'
        : 'both sides are machines: copy to the host first, then from there',
    );
  const [machine = '', ...others] = machines;
  if (others.length > 0) throw misuse('the sources must be of one machine');
  return {
    direction: target.kind === 'guest' ? 'into' : 'outOf',
    machine,
    sources: sources.map(({ path }) => path),
    target: target.path,
  };
}

function misuse(reason: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', reason, {
    hint: 'anyarch machine copy FILE NAME:PATH, or NAME:PATH FILE; write ./a:b for a name of the host with a colon',
  });
}
