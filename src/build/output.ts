import { resolve } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { quote } from '../core/text.ts';

/** Where the result is written to, beside the engine's own storage. */
export interface Output {
  readonly kind: 'oci' | 'oci-archive' | 'docker-archive';
  /** Absolute. */
  readonly path: string;
}

/** @throws AnyarchError ANYARCH_USAGE */
export function parseOutput(text: string, directory: string): Output {
  const [, kind, path] = /^(oci|oci-archive|docker-archive):(.+)$/s.exec(text) ?? [];
  if (kind === undefined || path === undefined)
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `--output: ${quote(text, 120)} is no place to write an image to`,
      {
        hint: 'write oci:DIR, oci-archive:FILE or docker-archive:FILE',
      },
    );
  // Engines take what stands behind a colon for a tag.
  if (path.includes(':'))
    throw new AnyarchError('ANYARCH_USAGE', `--output: the path ${quote(path, 120)} has a colon in it`, {
      hint: 'name another path',
    });
  return { kind: kind as Output['kind'], path: resolve(directory, path) };
}
