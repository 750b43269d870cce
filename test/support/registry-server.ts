import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a registry does wrong. */
export interface RegistryFault {
  /** Only requests of this method. */
  readonly method?: string;
  /** Only requests whose path and query contain this. */
  readonly path: string;
  /** Answers with this status and nothing else. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Does what it is asked for, and answers with these headers instead of its own. */
  readonly says?: Readonly<Record<string, string>>;
  /** Closes the connection after so many bytes of the answer. */
  readonly cutAfter?: number;
  /** Keeps so many bytes of what it is sent and closes the connection. */
  readonly cutUploadAfter?: number;
  /** Does what it is asked for, and closes the connection instead of saying so. */
  readonly cutAnswer?: boolean;
  /** Never answers. */
  readonly stalls?: boolean;
  /** Sends one bit of the answer wrong. */
  readonly flips?: boolean;
  /** How often; always by default. */
  readonly times?: number;
}

export interface RegistryServerOptions {
  /** Asks for a token of its own token server, or for a name and a password. */
  readonly authentication?: 'bearer' | 'basic';
  /** Lists referrers (distribution-spec 1.1); default true. */
  readonly knowsReferrers?: boolean;
  /** Lists so many referrers at a time. */
  readonly referrersPerPage?: number;
  /** An upload that a closed connection has interrupted is forgotten, as Debian's docker-registry does it. */
  readonly forgetsUploads?: boolean;
  readonly tokenLifetimeSeconds?: number;
  /** Smallest chunk, in bytes. */
  readonly minimumChunk?: number;
}

/** Of the one user that it knows. */
export const registryUser = { name: 'me', password: 'p:ä', identityToken: 'id-1' } as const;

/** A registry in memory, on loopback. */
export interface RegistryServer {
  /** `127.0.0.1:1234` */
  readonly name: string;
  /** Every request so far: `GET /v2/…`. */
  readonly requests: string[];
  /** The `authorization` of each request, in the same order. */
  readonly authorizations: (string | undefined)[];
  /** Bytes that were sent to it in uploads. */
  readonly uploadedBytes: () => number;
  /** By repository and digest. */
  readonly blobs: Map<string, Buffer>;
  /** By repository and tag or digest. */
  readonly manifests: Map<string, { readonly type: string; readonly content: Buffer }>;
  fail(fault: RegistryFault): void;
  heal(): void;
  close(): Promise<void>;
}

export async function startRegistryServer(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const blobs: RegistryServer['blobs'] = new Map();
  const manifests: RegistryServer['manifests'] = new Map();
  const uploads = new Map<string, Buffer>();
  const faults: { fault: RegistryFault; left: number }[] = [];
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const tokens = new Map<string, string>();
  let uploaded = 0;
  let serial = 0;
  const { knowsReferrers = true, forgetsUploads = false, tokenLifetimeSeconds = 300 } = options;

  const server = createServer((request, response) => {
    // A client that closes the connection is no matter of ours.
    const { socket } = request;
    void handle(request, response).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Gone from the request once that has ended.
    const { method = '', url = '', socket } = request;
    requests.push(
      `${method} ${url}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`,
    );
    authorizations.push(request.headers.authorization);
    const active = faults.find(
      ({ fault, left }) => left > 0 && url.includes(fault.path) && (fault.method ?? method) === method,
    );
    if (active !== undefined) active.left -= 1;
    const fault = active?.fault ?? { path: '' };
    const body = await bodyOf(request, fault.cutUploadAfter);
    if (fault.stalls === true) return;
    if (fault.status !== undefined) {
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    if (url.startsWith('/token')) {
      answerToken(request, body, response);
      return;
    }
    if (!isAllowed(request.headers.authorization)) {
      response
        .writeHead(401, { 'www-authenticate': challenge() })
        .end(errorBody('UNAUTHORIZED', 'who are you'));
      return;
    }
    const answer = serve(
      method,
      new URL(url, 'http://x'),
      request.headers,
      body,
      fault.cutUploadAfter !== undefined,
    );
    if (fault.cutUploadAfter !== undefined || fault.cutAnswer === true) {
      socket.destroy();
      return;
    }
    send(method, response, { ...answer, headers: { ...answer.headers, ...fault.says } }, fault);
  }

  const challenge = () =>
    options.authentication === 'basic'
      ? 'Basic realm="a registry"'
      : `Bearer realm="http://${name}/token",service="the, \\"service\\"",scope="repository:x:pull,push"`;

  function isAllowed(authorization: string | undefined): boolean {
    if (options.authentication === undefined) return true;
    const [scheme, value = ''] = (authorization ?? '').split(' ');
    if (options.authentication === 'bearer') return scheme === 'Bearer' && tokens.has(value);
    return (
      scheme === 'Basic' &&
      Buffer.from(value, 'base64').toString() === `${registryUser.name}:${registryUser.password}`
    );
  }

  function answerToken(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { authorization } = request.headers;
    const form = new URLSearchParams(body.toString());
    const [, basic = ''] = (authorization ?? '').split(' ');
    const isMe =
      request.method === 'POST'
        ? form.get('refresh_token') === registryUser.identityToken
        : Buffer.from(basic, 'base64').toString() === `${registryUser.name}:${registryUser.password}`;
    if (!isMe) {
      response.writeHead(401).end(errorBody('UNAUTHORIZED', 'unknown user'));
      return;
    }
    serial += 1;
    const token = `token-${serial}`;
    tokens.set(token, request.url ?? '');
    const field = request.method === 'POST' ? 'access_token' : 'token';
    response.end(JSON.stringify({ [field]: token, expires_in: tokenLifetimeSeconds }));
  }

  interface Answer {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body?: Buffer | string;
  }

  function serve(
    method: string,
    url: URL,
    headers: IncomingMessage['headers'],
    body: Buffer,
    isCut: boolean,
  ): Answer {
    const match = /^\/v2\/(?:(.+)\/(blobs\/uploads|blobs|manifests|referrers)\/(.*))?$/.exec(url.pathname);
    const [, repository = '', kind, which = ''] = match ?? [];
    const key = `${repository} ${which}`;
    switch (kind ?? '') {
      case 'blobs': {
        const blob = blobs.get(key);
        return blob === undefined ? notFound('BLOB_UNKNOWN') : ranged(blob, headers.range);
      }
      case 'blobs/uploads':
        return method === 'POST'
          ? begin(repository, url.searchParams)
          : upload(method, repository, which, url, headers, body, isCut);
      case 'manifests':
        return method === 'PUT' ? putManifest(repository, which, headers, body) : getManifest(key);
      case 'referrers':
        return knowsReferrers
          ? referrers(repository, which, Number(url.searchParams.get('from') ?? 0))
          : notFound('UNSUPPORTED');
      default:
        return { status: url.pathname === '/v2/' ? 200 : 404, body: '{}' };
    }
  }

  function begin(repository: string, query: URLSearchParams): Answer {
    const [mount, from] = [query.get('mount') ?? '', query.get('from') ?? ''];
    const lent = blobs.get(`${from} ${mount}`);
    if (lent !== undefined) {
      blobs.set(`${repository} ${mount}`, lent);
      return { status: 201 };
    }
    serial += 1;
    uploads.set(String(serial), Buffer.alloc(0));
    const minimum =
      options.minimumChunk === undefined ? {} : { 'oci-chunk-min-length': String(options.minimumChunk) };
    return {
      status: 202,
      headers: { location: `/v2/${repository}/blobs/uploads/${serial}?state=a%2Bb`, ...minimum },
    };
  }

  function upload(
    method: string,
    repository: string,
    id: string,
    url: URL,
    headers: IncomingMessage['headers'],
    body: Buffer,
    isCut: boolean,
  ): Answer {
    const present = uploads.get(id);
    if (present === undefined || url.searchParams.get('state') !== 'a+b')
      return notFound('BLOB_UPLOAD_UNKNOWN');
    if (method === 'DELETE') {
      uploads.delete(id);
      return { status: 204 };
    }
    const start = /^(\d+)-/.exec(headers['content-range'] ?? '')?.[1];
    if (start !== undefined && Number(start) !== present.length) return { status: 416 };
    const content = Buffer.concat([present, body]);
    uploaded += body.length;
    uploads.set(id, content);
    if (isCut && forgetsUploads) uploads.delete(id);
    const where = { location: `${url.pathname}?state=a%2Bb`, range: `0-${Math.max(content.length - 1, 0)}` };
    if (method !== 'PUT' || isCut) return { status: method === 'GET' ? 204 : 202, headers: where };
    const digest = url.searchParams.get('digest') ?? '';
    uploads.delete(id);
    if (digest !== digestOf(content))
      return { status: 400, body: errorBody('DIGEST_INVALID', 'not the same') };
    blobs.set(`${repository} ${digest}`, content);
    return { status: 201, headers: { 'docker-content-digest': digest } };
  }

  function putManifest(
    repository: string,
    which: string,
    headers: IncomingMessage['headers'],
    content: Buffer,
  ): Answer {
    const document = JSON.parse(content.toString()) as {
      subject?: { digest: string };
      config?: { digest: string };
      layers?: { digest: string }[];
      manifests?: { digest: string }[];
    };
    const missing = [
      ...(document.layers ?? []),
      ...(document.config === undefined ? [] : [document.config]),
    ].some(({ digest }) => !blobs.has(`${repository} ${digest}`));
    const orphaned = (document.manifests ?? []).some(
      ({ digest }) => !manifests.has(`${repository} ${digest}`),
    );
    if (missing || orphaned)
      return { status: 400, body: errorBody('MANIFEST_BLOB_UNKNOWN', 'what it refers to is missing') };
    const entry = { type: headers['content-type'] ?? '', content };
    const digest = digestOf(content);
    manifests.set(`${repository} ${which}`, entry);
    manifests.set(`${repository} ${digest}`, entry);
    const subject =
      document.subject !== undefined && knowsReferrers ? { 'oci-subject': document.subject.digest } : {};
    return { status: 201, headers: { 'docker-content-digest': digest, ...subject } };
  }

  function getManifest(key: string): Answer {
    const found = manifests.get(key);
    if (found === undefined) return notFound('MANIFEST_UNKNOWN');
    const headers = { 'content-type': found.type, 'docker-content-digest': digestOf(found.content) };
    return { status: 200, headers, body: found.content };
  }

  function referrers(repository: string, subject: string, from: number): Answer {
    const listed = [...manifests].flatMap(([key, { type, content }]) => {
      const about = (JSON.parse(content.toString()) as { subject?: { digest: string } }).subject?.digest;
      const digest = digestOf(content);
      return key === `${repository} ${digest}` && about === subject
        ? [{ mediaType: type, digest, size: content.length }]
        : [];
    });
    const end = from + (options.referrersPerPage ?? Infinity);
    const index = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: listed.slice(from, end),
    };
    const headers: Record<string, string> = end < listed.length ? { link: `<?from=${end}>; rel="next"` } : {};
    return { status: 200, headers, body: JSON.stringify(index) };
  }

  return {
    name,
    requests,
    authorizations,
    uploadedBytes: () => uploaded,
    blobs,
    manifests,
    fail: (fault) => faults.push({ fault, left: fault.times ?? Infinity }),
    heal: () => {
      faults.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function digestOf(content: Uint8Array | string): `sha256:${string}` {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function notFound(code: string): { status: number; body: string } {
  return { status: 404, body: errorBody(code, 'not here') };
}

function errorBody(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message }] });
}

function ranged(
  blob: Buffer,
  range: string | undefined,
): { status: number; headers: Record<string, string>; body: Buffer } {
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from === 0) return { status: 200, headers: {}, body: blob };
  const headers = { 'content-range': `bytes ${from}-${blob.length - 1}/${blob.length}` };
  return { status: 206, headers, body: blob.subarray(from) };
}

/** @param limit bytes after which the rest is not waited for */
async function bodyOf(request: IncomingMessage, limit = Infinity): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    const room = limit - size;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks);
}

function send(
  method: string,
  response: ServerResponse,
  answer: {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body?: Buffer | string;
  },
  fault: RegistryFault,
): void {
  const body = Buffer.from(answer.body ?? '');
  if (fault.flips === true && body.length > 0) body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
  const hasBody = method !== 'HEAD' && answer.status !== 204;
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(hasBody ? { 'content-length': body.length } : {}),
  });
  if (!hasBody) response.end();
  else if (fault.cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, fault.cutAfter), () => response.destroy());
}
