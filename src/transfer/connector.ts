import { createSecureContext, type SecureContext } from 'node:tls';
import type { buildConnector } from 'undici';

export interface ConnectorOptions {
  /** Of undici, which is loaded where it is needed only. */
  readonly build: typeof buildConnector;
  /** PEM. */
  readonly certificates: readonly string[];
  /** Any certificate will do. */
  readonly trustAnybody: boolean;
  readonly timeoutMs: number;
}

/** Opens sockets to servers without a proxy. What only TLS needs is prepared for the first server that speaks it. */
export function serverConnector({
  build,
  certificates,
  trustAnybody,
  timeoutMs,
}: ConnectorOptions): buildConnector.connector {
  const plain = build({ timeout: timeoutMs });
  let secure: buildConnector.connector | undefined;
  return (target, done) => {
    if (target.protocol !== 'https:') {
      plain(target, done);
      return;
    }
    secure ??= build({
      timeout: timeoutMs,
      rejectUnauthorized: !trustAnybody,
      secureContext: contextOf(certificates),
    });
    secure(target, done);
  };
}

let latest: { readonly certificates: string; readonly context: SecureContext } | undefined;

/** With `ca` every socket would read hundreds of authorities again: 50 ms each. All of a command trust the same. */
function contextOf(authorities: readonly string[]): SecureContext {
  const certificates = authorities.join('\n');
  if (latest?.certificates !== certificates)
    latest = { certificates, context: createSecureContext({ ca: [...authorities] }) };
  return latest.context;
}
