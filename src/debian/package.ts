import { AnyarchError } from '../core/error.ts';
import type { Stanza } from './deb822.ts';

/** A binary package that a suite offers. */
export interface DebianPackage {
  readonly name: string;
  /** Debian's: `1:11.1.3+ds-1~bpo13+1`. */
  readonly version: string;
  readonly architecture: string;
  readonly suite: string;
  /** Path below the mirror's URL. */
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** @throws AnyarchError ANYARCH_ARCHIVE_INVALID when fields that are needed are missing or make no sense. */
export function readPackage(stanza: Stanza, suite: string): DebianPackage {
  const field = (name: string, shape: RegExp) => {
    const value = stanza.get(name) ?? '';
    if (shape.test(value)) return value;
    throw new AnyarchError(
      'ANYARCH_ARCHIVE_INVALID',
      `the index of ${suite} describes ${stanza.get('package') ?? 'a package'} with ${name} "${value}"`,
    );
  };
  return {
    name: field('package', /^[a-z0-9][a-z0-9+.-]*$/),
    version: field('version', /^[0-9A-Za-z.+~:-]+$/),
    architecture: field('architecture', /^[a-z0-9-]+$/),
    suite,
    filename: field('filename', /^(?!.*\/\.\.?\/)[A-Za-z0-9][^\s\\?#]*\.deb$/),
    size: Number(field('size', /^[1-9]\d{0,11}$/)),
    sha256: field('sha256', /^[0-9a-f]{64}$/),
  };
}
