import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compressions } from './mirror-package.ts';
import {
  createSigningKey,
  releaseText,
  sha256,
  signText,
  type ReleaseFields,
  type SigningKey,
} from './mirror-release.ts';

/** What a server does wrong. */
export interface Fault {
  /** Answers with this status and nothing else. */
  readonly status?: number;
  /** Closes the connection after so many bytes of the answer. */
  readonly cutAfter?: number;
  /** Sends so many bytes, then nothing more, with the connection open. */
  readonly stallAfter?: number;
  /** Changes one bit of the byte at this offset. */
  readonly flipAt?: number;
  /** Sends everything whatever range is asked for. */
  readonly ignoreRange?: boolean;
  /** Answers 416 to whoever asks for a range. */
  readonly refuseRange?: boolean;
  /** Says that it sends another range than it was asked for. */
  readonly moveRange?: boolean;
  readonly redirectTo?: string;
  /** How often; always by default. */
  readonly times?: number;
}

export interface MirrorPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly deb: Uint8Array;
  /** The field Depends. */
  readonly depends?: string;
}

export interface MirrorSuite extends ReleaseFields {
  readonly packages: readonly MirrorPackage[];
  readonly compression?: keyof typeof compressions;
  readonly signingKey?: SigningKey;
}

/** A Debian archive on loopback, signed by a key of its own. */
export interface Mirror {
  readonly url: string;
  readonly keyring: Uint8Array;
  readonly key: SigningKey;
  /** Every request so far: `GET /dists/…`, with ` bytes=…` where a range was asked for. */
  readonly requests: string[];
  /** Served as they are, by path without a leading slash. */
  readonly files: Map<string, Uint8Array>;
  addSuite(suite: MirrorSuite): Promise<void>;
  /** Requests whose path contains `path` meet this fault. */
  fail(path: string, fault: Fault): void;
  heal(): void;
  close(): Promise<void>;
}

export async function startMirror(): Promise<Mirror> {
  const key = await createSigningKey();
  const files = new Map<string, Uint8Array>();
  const requests: string[] = [];
  const faults: { path: string; fault: Fault; left: number }[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1));
    requests.push(
      `${request.method ?? ''} /${path}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`,
    );
    const active = faults.find((one) => path.includes(one.path) && one.left > 0);
    if (active !== undefined) active.left -= 1;
    answer(request, response, files.get(path), active?.fault ?? {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keyring: key.keyring,
    key,
    requests,
    files,
    addSuite: (suite) => addSuite(files, key, suite),
    fail: (path, fault) => faults.unshift({ path, fault, left: fault.times ?? Infinity }),
    heal: () => (faults.length = 0),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function addSuite(files: Map<string, Uint8Array>, key: SigningKey, suite: MirrorSuite): Promise<void> {
  const { packages, compression = 'xz', signingKey = key, architectures = ['amd64'] } = suite;
  const indices = new Map<string, Uint8Array>();
  for (const architecture of architectures) {
    const own = packages.filter((one) => (one.architecture ?? 'amd64') === architecture);
    const index = compressions[compression](Buffer.from(own.map(stanza).join('\n')));
    indices.set(
      `main/binary-${architecture}/Packages${compression === 'none' ? '' : `.${compression}`}`,
      index,
    );
  }
  for (const [path, content] of indices) {
    files.set(`dists/${suite.suite}/${path}`, content);
    if (suite.byHash !== false)
      files.set(
        `dists/${suite.suite}/${path.replace(/[^/]+$/, '')}by-hash/SHA256/${sha256(content)}`,
        content,
      );
  }
  for (const one of packages) files.set(poolPath(one), one.deb);
  files.set(
    `dists/${suite.suite}/InRelease`,
    Buffer.from(await signText(releaseText(suite, indices), signingKey)),
  );
}

export function poolPath({ name, version, architecture = 'amd64' }: MirrorPackage): string {
  return `pool/main/${name[0] ?? ''}/${name}/${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`;
}

function stanza(one: MirrorPackage): string {
  const { name, version, architecture = 'amd64', deb, depends } = one;
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    ...(depends === undefined ? [] : [`Depends: ${depends}`]),
    'Description: something',
    ' with more lines',
    `Filename: ${poolPath(one)}`,
    `Size: ${deb.length}`,
    `SHA256: ${sha256(deb)}`,
    '',
  ].join('\n');
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array | undefined,
  fault: Fault,
): void {
  if (fault.redirectTo !== undefined) {
    response.writeHead(302, { location: fault.redirectTo }).end();
    return;
  }
  if (fault.status !== undefined || content === undefined) {
    response.writeHead(fault.status ?? 404).end('no');
    return;
  }
  const body = Buffer.from(content);
  if (fault.flipAt !== undefined) body[fault.flipAt] = (body[fault.flipAt] ?? 0) ^ 1;
  const start =
    fault.ignoreRange === true ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const from = Number(start ?? 0);
  if ((from > 0 && from >= body.length) || (start !== undefined && fault.refuseRange === true)) {
    response.writeHead(416).end();
    return;
  }
  const part = body.subarray(from);
  const said = fault.moveRange === true ? from + 1 : from;
  response.writeHead(start === undefined ? 200 : 206, {
    'content-length': part.length,
    ...(start === undefined ? {} : { 'content-range': `bytes ${said}-${body.length - 1}/${body.length}` }),
  });
  const limit = fault.cutAfter ?? fault.stallAfter;
  if (limit === undefined) response.end(part);
  else
    response.write(part.subarray(0, limit), () =>
      fault.cutAfter === undefined ? undefined : response.destroy(),
    );
}
