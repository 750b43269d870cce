import { absolutePath } from '../core/absolute-path.ts';
import { AnyarchError } from '../core/error.ts';

/** Where a server listens. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Reads `9797`, `0.0.0.0:9797`, `[::1]:9797`, `unix:/run/anyarch.sock`. Only this machine is served unless told otherwise.
 *
 * @param from what a relative path starts at
 * @throws AnyarchError ANYARCH_USAGE
 */
export function listenAddress(text: string, from: string): ListenAddress {
  if (text.startsWith('unix:') && text.length > 'unix:'.length)
    return { path: absolutePath(text.slice('unix:'.length), from) };
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== '' && port >= 1 && port <= 65_535) return { host: bracketed ?? plain ?? '127.0.0.1', port };
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `--metrics-listen takes a port, ADDRESS:PORT or unix:PATH, not "${text.slice(0, 60)}"`,
    { hint: 'anyarch watch --metrics-listen 9797' },
  );
}
