import { absolutePath } from '../core/absolute-path.ts';
import { AnyarchError } from '../core/error.ts';
import type { Files } from '../host/files.ts';
import type { Bind } from './setup.ts';

/**
 * Reads `SRC:DST[:ro|:rw]`. A relative SRC is taken from `directory`.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseVolume(text: string, directory: string, files: Pick<Files, 'status'>): Bind {
  const [source = '', target = '', mode = 'rw', ...rest] = text.split(':');
  const wrong = (reason: string, hint?: string): AnyarchError =>
    new AnyarchError('ANYARCH_USAGE', `volume "${text}": ${reason}`, {
      hint: hint ?? 'write it as SRC:DST or SRC:DST:ro',
    });
  if (source === '' || target === '' || rest.length > 0) throw wrong('it needs a source and a target');
  if (mode !== 'ro' && mode !== 'rw') throw wrong(`"${mode}" is neither ro nor rw`);
  if (!target.startsWith('/')) throw wrong('the target must be an absolute path');
  if (target.split('/').includes('..')) throw wrong('the target must not contain ".."');
  if (/^\/*$/.test(target)) throw wrong('the root itself cannot be a target', 'use --rootfs for the root');
  const path = absolutePath(source, directory);
  const status = files.status(path);
  if (status === undefined) throw wrong(`${path} does not exist on the host`, `mkdir -p ${path}`);
  return {
    source: path,
    target,
    readOnly: mode === 'ro',
    kind: status.kind === 'directory' ? 'directory' : 'file',
  };
}
