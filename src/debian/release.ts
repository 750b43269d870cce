import { AnyarchError } from '../core/error.ts';
import { verifyClearSignature, type SignedText, type VerifyOptions } from './clear-signature.ts';
import { parseStanza, type Stanza } from './deb822.ts';

/** What a suite's signed index says (https://wiki.debian.org/DebianRepository/Format). */
export interface Release {
  readonly suite: string;
  readonly codename: string;
  /** Milliseconds since the epoch. */
  readonly dateMs: number;
  readonly validUntilMs: number | undefined;
  readonly architectures: readonly string[];
  /** Whether indices can be had by their digest, which a mirror in the middle of an update still answers right. */
  readonly byHash: boolean;
  /** Of all indices, by path below the suite's directory. */
  readonly files: ReadonlyMap<string, { readonly size: number; readonly sha256: string }>;
  readonly signers: readonly string[];
}

export interface ReleaseOptions extends VerifyOptions {
  /** Suite or codename that was asked for. */
  readonly suite: string;
}

/** Clocks differ a little. */
const clockToleranceMs = 10 * 60_000;

/**
 * Reads an InRelease file after verifying its signature and its dates.
 *
 * @throws AnyarchError ANYARCH_SIGNATURE_INVALID, ANYARCH_RELEASE_EXPIRED
 */
export async function readRelease(content: Uint8Array, options: ReleaseOptions): Promise<Release> {
  const signed = await verifyClearSignature(content, options);
  const release = parseRelease(signed, options.subject);
  if (options.suite !== release.suite && options.suite !== release.codename) {
    throw wrong(
      options.subject,
      `it is for ${release.suite} (${release.codename}), not for ${options.suite}`,
    );
  }
  checkDates(release, options);
  return release;
}

function parseRelease({ text, signers }: SignedText, subject: string): Release {
  const fields = parseStanza(text);
  const dateMs = readDate(fields, 'date', subject);
  if (dateMs === undefined) throw wrong(subject, 'it has no Date');
  return {
    suite: fields.get('suite') ?? '',
    codename: fields.get('codename') ?? '',
    dateMs,
    validUntilMs: readDate(fields, 'valid-until', subject),
    architectures: (fields.get('architectures') ?? '').split(/\s+/),
    byHash: fields.get('acquire-by-hash') === 'yes',
    files: readFiles(fields, subject),
    signers,
  };
}

/** MD5Sum and SHA1 sections are ignored: a file that only they list does not exist for us. */
function readFiles(fields: Stanza, subject: string): Release['files'] {
  const lines = (fields.get('sha256') ?? '').split('\n').filter((line) => line !== '');
  if (lines.length === 0) throw wrong(subject, 'it has no SHA256 section');
  return new Map(
    lines.map((line) => {
      const match = /^([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)$/.exec(line);
      const [, sha256, size, path] = match ?? [];
      if (sha256 === undefined || path === undefined)
        throw wrong(subject, `its SHA256 section has the line "${line}"`);
      return [path, { sha256, size: Number(size) }] as const;
    }),
  );
}

function readDate(fields: Stanza, name: string, subject: string): number | undefined {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw wrong(subject, `its ${name} is no date: ${value}`);
  return ms;
}

function checkDates(
  { dateMs, validUntilMs }: Release,
  { nowMs, allowExpired, subject }: ReleaseOptions,
): void {
  const now = `this machine's clock says ${new Date(nowMs).toUTCString()}`;
  if (dateMs > nowMs + clockToleranceMs) {
    throw new AnyarchError(
      'ANYARCH_RELEASE_EXPIRED',
      `${subject} is of ${new Date(dateMs).toUTCString()}, which is in the future: ${now}`,
      {
        hint: 'set the clock of this machine',
        details: { date: new Date(dateMs).toISOString() },
      },
    );
  }
  if (validUntilMs === undefined || nowMs <= validUntilMs || allowExpired === true) return;
  throw new AnyarchError(
    'ANYARCH_RELEASE_EXPIRED',
    `${subject} has expired on ${new Date(validUntilMs).toUTCString()}: ${now}`,
    {
      hint: 'the mirror is stale: try another one with --mirror URL, or accept old packages with --allow-expired',
      details: { validUntil: new Date(validUntilMs).toISOString() },
    },
  );
}

function wrong(subject: string, what: string): AnyarchError {
  return new AnyarchError('ANYARCH_SIGNATURE_INVALID', `${subject} cannot be used: ${what}`, {
    hint: 'the mirror may be broken: try another one with --mirror URL',
  });
}
