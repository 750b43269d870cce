import type { PublicKey, VerifyMessageResult } from 'openpgp';
import { AnyarchError } from '../core/error.ts';

export interface SignedText {
  /** What the signature covers, and nothing else. */
  readonly text: string;
  /** When it was signed, milliseconds since the epoch. */
  readonly signedMs: number;
  /** Fingerprints of the keys with a good signature. */
  readonly signers: readonly string[];
}

export interface VerifyOptions {
  readonly keys: readonly PublicKey[];
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** Accept keys that have expired since they signed. */
  readonly allowExpired?: boolean | undefined;
  /** What is verified, for messages. */
  readonly subject: string;
}

/**
 * The signed text of a cleartext-signed message (RFC 9580, section 7): one good signature by one of the keys is
 * enough. MD5, SHA-1 and RIPEMD signatures count as none (OpenPGP.js rejects them).
 *
 * @throws AnyarchError ANYARCH_SIGNATURE_INVALID; ANYARCH_RELEASE_EXPIRED when only a wrong clock can be the cause
 */
export async function verifyClearSignature(content: Uint8Array, options: VerifyOptions): Promise<SignedText> {
  const armored = soleMessage(content, options.subject);
  const { readCleartextMessage, verify } = await import('openpgp');
  const date = new Date(options.nowMs);
  const message = await readCleartextMessage({ cleartextMessage: armored }).catch((error: unknown) => {
    throw invalid(options.subject, 'its signature cannot be read', error);
  });
  const { data, signatures } = await verify({ message, verificationKeys: [...options.keys], date });
  const rejections: string[] = [];
  const signers: string[] = [];
  let signedMs = 0;
  for (const signature of signatures) {
    try {
      const good = await judge(signature, options);
      signers.push(good.signer);
      signedMs = Math.max(signedMs, good.signedMs);
    } catch (error) {
      rejections.push(
        `${signature.keyID.toHex()}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (signers.length > 0) return { text: data, signedMs, signers };
  if (rejections.some((reason) => reason.includes('in the future'))) {
    throw new AnyarchError(
      'ANYARCH_RELEASE_EXPIRED',
      `${options.subject} was signed after ${date.toUTCString()}, the time of this machine's clock`,
      {
        hint: 'set the clock of this machine',
        details: { rejections },
      },
    );
  }
  throw invalid(
    options.subject,
    'it has no good signature by a key of the Debian archive',
    undefined,
    rejections,
  );
}

async function judge(
  signature: VerifyMessageResult['signatures'][number],
  { keys, nowMs, allowExpired }: VerifyOptions,
): Promise<{ signer: string; signedMs: number }> {
  await signature.verified;
  const created = (await signature.signature).packets[0]?.created;
  if (!(created instanceof Date)) throw new Error('the signature has no date');
  const key = keys.find((candidate) => candidate.getKeys(signature.keyID).length > 0);
  // OpenPGP.js asks whether the key was valid when it signed; like gpgv we also want it to be so now.
  await key?.getSigningKey(signature.keyID, allowExpired === true ? created : new Date(nowMs));
  return {
    signer: key?.getFingerprint().toUpperCase() ?? signature.keyID.toHex(),
    signedMs: created.getTime(),
  };
}

const messageBegin = '-----BEGIN PGP SIGNED MESSAGE-----\n';
const signatureBegin = '\n-----BEGIN PGP SIGNATURE-----\n';
const signatureEnd = '\n-----END PGP SIGNATURE-----';

/**
 * The file must be one signed message from its first byte to its last: text before or after it would not be signed,
 * and parsers that do not agree about where the signed part ends have been fooled before (CVE-2018-12020, apt's
 * CVE-2019-3462).
 */
function soleMessage(content: Uint8Array, subject: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    throw invalid(subject, 'it is not UTF-8', error);
  }
  if (text.includes('\r') || text.includes('\0')) throw invalid(subject, 'it contains control characters');
  if (!text.startsWith(messageBegin)) throw invalid(subject, 'it does not start with a signed message');
  const occurrences = (marker: string) => text.split(marker).length - 1;
  if (
    occurrences(signatureBegin) !== 1 ||
    occurrences(signatureEnd) !== 1 ||
    occurrences(`\n${messageBegin}`) !== 0
  ) {
    throw invalid(subject, 'it is not exactly one signed message');
  }
  const end = text.indexOf(signatureEnd) + signatureEnd.length;
  if (end < text.indexOf(signatureBegin) || text.slice(end).trim() !== '')
    throw invalid(subject, 'it has text after the signature, which is not signed');
  return text;
}

function invalid(
  subject: string,
  what: string,
  cause?: unknown,
  rejections: readonly string[] = [],
): AnyarchError {
  return new AnyarchError('ANYARCH_SIGNATURE_INVALID', `${subject} is not trusted: ${what}`, {
    hint: 'the mirror or something on the way to it may have changed the file: try another one with --mirror URL',
    details: rejections.length === 0 ? {} : { rejections },
    cause,
  });
}
