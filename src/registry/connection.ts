import { AnyarchError } from '../core/error.ts';
import { quote } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import {
  NoTls,
  TransientFailure,
  UnknownServer,
  UntrustedServer,
  classified,
  environmentProxies,
  openHttp,
  repeating,
  trustedCertificates,
  type Http,
} from '../transfer/index.ts';
import { TransientAnswer } from './answer.ts';
import { drain } from './body.ts';
import { hostnameOf, isLoopback } from './reach.ts';

export type RegistryHost = Pick<Host, 'clock' | 'files' | 'log' | 'processes' | 'system'>;

export interface ConnectionOptions {
  /** Any certificate will do, and plain http where nobody speaks TLS: what docker calls an insecure registry. */
  readonly insecure?: boolean | undefined;
  /** The one file with credentials, instead of the engines' own. */
  readonly authfile?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which a server is given up. Default 30 000. */
  readonly stallMs?: number | undefined;
  /** Milliseconds before a failed request is repeated for the first time. Default 500. */
  readonly retryMs?: number | undefined;
  /** The longest pause that a registry may ask for, in milliseconds. Default 60 000. */
  readonly maximumDelayMs?: number | undefined;
}

/** A way to one registry. */
export interface Connection {
  /** Host and port as people write them. */
  readonly registry: string;
  readonly http: Http;
  readonly insecure: boolean;
  readonly signal: AbortSignal | undefined;
  /** `https://host`; found out at the first call. */
  origin(): Promise<string>;
  /** Repeats what fails transiently. @throws AnyarchError ANYARCH_REGISTRY_UNREACHABLE, or what the last answer means */
  retrying<T>(attempt: () => Promise<T>, progress?: () => number): Promise<T>;
  close(): Promise<void>;
}

/** @throws AnyarchError ANYARCH_REFERENCE_INVALID where the name can be no server's */
export async function openConnection(
  host: Pick<RegistryHost, 'log' | 'system'>,
  registry: string,
  options: ConnectionOptions,
): Promise<Connection> {
  const { insecure = false, signal, stallMs, retryMs, maximumDelayMs } = options;
  if (!URL.canParse(`https://${registry}`))
    throw new AnyarchError('ANYARCH_REFERENCE_INVALID', `${quote(registry)} is no host and port`, {
      hint: 'ports go up to 65535, the numbers of an IPv4 address up to 255',
      details: { registry },
    });
  const { environment } = host.system;
  const proxies = environmentProxies(environment);
  const server = hostnameOf(registry);
  const http = await openHttp({
    // A proxy's loopback is not ours.
    proxies: isLoopback(server)
      ? { ...proxies, except: [proxies.except, server].filter(Boolean).join(',') }
      : proxies,
    certificates: trustedCertificates(environment),
    trustAnybody: insecure,
    ...(stallMs === undefined ? {} : { stallMs }),
  });
  const retryOptions = { log: host.log, signal, firstDelayMs: retryMs, maximumDelayMs };
  const retrying: Connection['retrying'] = async (attempt, progress) => {
    try {
      return await repeating(retryOptions, registry, attempt, progress);
    } catch (failure) {
      throw translated(failure, registry);
    }
  };
  let origin: Promise<string> | undefined;
  return {
    registry,
    http,
    insecure,
    signal,
    retrying,
    origin: () => {
      const secure = `https://${apiHost(registry)}`;
      const mayBePlain = insecure || isLoopback(server);
      origin ??= mayBePlain ? retrying(() => findOrigin(http, registry, signal)) : Promise.resolve(secure);
      return origin;
    },
    close: () => http.close(),
  };
}

/** The default registry's name is not that of its server. */
function apiHost(registry: string): string {
  return registry === 'docker.io' ? 'registry-1.docker.io' : registry;
}

async function findOrigin(http: Http, registry: string, signal: AbortSignal | undefined): Promise<string> {
  const [secure, plain] = [`https://${registry}`, `http://${registry}`];
  const ask = async (origin: string) => {
    await drain(await http.request({ method: 'GET', url: `${origin}/v2/`, signal }));
    return origin;
  };
  try {
    return await ask(secure);
  } catch (error) {
    const failure = classified(error);
    // A server without TLS answers the first message with something else, or closes the connection.
    if (!(failure instanceof NoTls || failure instanceof TransientFailure)) throw error;
    return await ask(plain);
  }
}

function translated(failure: unknown, registry: string): unknown {
  if (failure instanceof TransientAnswer) return failure.error;
  const hint =
    failure instanceof UntrustedServer
      ? "name the authority's certificate: NODE_EXTRA_CA_CERTS=FILE; --tls-verify=false does without"
      : failure instanceof NoTls
        ? '--tls-verify=false allows plain http'
        : 'look at the name and the port, the network and the proxy (HTTPS_PROXY, NO_PROXY), then run it again: what has been transferred counts';
  const isConnection =
    failure instanceof TransientFailure ||
    failure instanceof UnknownServer ||
    failure instanceof UntrustedServer ||
    failure instanceof NoTls;
  if (!isConnection) return failure;
  return new AnyarchError('ANYARCH_REGISTRY_UNREACHABLE', `the registry ${registry}: ${failure.message}`, {
    hint,
    details: { registry },
    cause: failure,
  });
}
