import type { PublicKey } from 'openpgp';
import { AnyarchError } from '../../../core/error.ts';
import { quote } from '../../../core/text.ts';
import { shown } from '../../../transfer/index.ts';
import { checkWebAddress, isWebAddress, nameOf } from '../web-address.ts';
import { findDigest, parseDigest, type KnownDigest } from './sums.ts';
import { isClearSigned, readKeyring, verifyText } from './signature.ts';

export interface TrustOptions {
  /** `sha256:…` or `sha512:…`. */
  readonly digest?: string | undefined;
  /** A list of digests, a file or a URL; default for images from the web: those beside it. */
  readonly sums?: string | undefined;
  /** A file with the keys, one of which must have signed the list. */
  readonly keyring?: string | undefined;
  /** Take what nobody vouches for. */
  readonly noVerify?: boolean | undefined;
}

/** What an image must be like, and who says so. */
export interface Expected {
  readonly digest: KnownDigest | undefined;
  /** For people. */
  readonly said: string;
}

export interface TrustSurroundings {
  /** A file or a URL; undefined where there is nothing. */
  readonly read: (place: string) => Promise<Uint8Array | undefined>;
  /** Of a URL: whether the server has such a file. */
  readonly isThere: (url: string) => Promise<boolean>;
  readonly nowMs: number;
}

const listNames = (file: string): readonly string[] => [
  'SHA512SUMS',
  'SHA256SUMS',
  `${file}.sha512`,
  `${file}.sha256`,
  `${file}.SHA256`,
  `${file}.CHECKSUM`,
  'CHECKSUM',
];
const signatureEndings = ['.gpg', '.asc', '.sign', '.sig'];

/**
 * @param image its file or URL
 * @throws AnyarchError ANYARCH_DISK_UNVERIFIED, ANYARCH_SIGNATURE_INVALID, ANYARCH_USAGE, ANYARCH_FILE, ANYARCH_DOWNLOAD_FAILED
 */
export async function expectedOf(
  image: string,
  options: TrustOptions,
  surroundings: TrustSurroundings,
): Promise<Expected> {
  if (options.digest !== undefined)
    return { digest: given(options.digest), said: 'its digest is the one that was given' };
  for (const place of [options.sums ?? '', options.keyring ?? '']) checkWebAddress(place);
  const file = nameOf(image);
  const isRemote = isWebAddress(image);
  const places =
    options.sums !== undefined
      ? [options.sums]
      : isRemote
        ? listNames(file).map((name) => new URL(encodeURIComponent(name), image).href)
        : [];
  for (const place of places) {
    const content = await surroundings.read(place);
    const expected = content && (await judged(place, content, file, options, surroundings));
    if (expected !== undefined) return expected;
  }
  const isRefused = options.keyring !== undefined || options.sums !== undefined || options.noVerify !== true;
  if (isRemote && isRefused && !(await surroundings.isThere(image))) throw missing(image);
  if (options.keyring !== undefined || options.sums !== undefined) throw nothingSigned(image, options);
  if (isRemote && options.noVerify !== true) throw unverified(image);
  return {
    digest: undefined,
    said: isRemote ? 'nobody vouches for its content (--no-verify)' : 'a file of this machine',
  };
}

async function judged(
  place: string,
  content: Uint8Array,
  file: string,
  { keyring }: TrustOptions,
  surroundings: TrustSurroundings,
): Promise<Expected | undefined> {
  const keys = keyring === undefined ? undefined : await keysOf(keyring, surroundings);
  const verified = keys === undefined ? undefined : await verifiedList(place, content, keys, surroundings);
  if (keys !== undefined && verified === undefined) return undefined;
  const digest = findDigest(verified?.text ?? Buffer.from(content).toString('utf8'), file);
  if (digest === undefined) return undefined;
  if (digest === 'conflict')
    throw new AnyarchError('ANYARCH_DISK_UNVERIFIED', `${shown(place)} has two digests for ${file}`, {
      hint: 'find out which one is right: --digest sha256:…',
    });
  const kind = digest.algorithm === 'sha512' ? 'SHA-512' : 'SHA-256';
  const said =
    verified === undefined
      ? `${kind} from ${shown(place)}, whose signature, if there is one, was not looked at (--image-keyring FILE)`
      : `${kind} from ${shown(place)}, signed by ${verified.signer}`;
  return { digest, said };
}

async function verifiedList(
  place: string,
  content: Uint8Array,
  keys: readonly PublicKey[],
  { read, nowMs }: TrustSurroundings,
): Promise<{ readonly text: string; readonly signer: string } | undefined> {
  const places = isClearSigned(content) ? [undefined] : signatureEndings.map((ending) => `${place}${ending}`);
  let seen: string | undefined;
  for (const one of places) {
    const signature = one === undefined ? undefined : await read(one);
    if (one !== undefined && signature === undefined) continue;
    seen = one ?? place;
    // What cannot be read as a signature is none.
    const verified = await verifyText(content, signature, keys, nowMs).catch(() => undefined);
    const signer = verified?.signers[0];
    if (verified !== undefined && signer !== undefined) return { text: verified.text, signer };
  }
  if (seen === undefined) return undefined;
  throw new AnyarchError(
    'ANYARCH_SIGNATURE_INVALID',
    `${shown(seen)} has no good signature by a key of the keyring`,
    { hint: 'take the keyring of those who made the image', details: { signature: shown(seen) } },
  );
}

async function keysOf(keyring: string, { read }: TrustSurroundings): Promise<PublicKey[]> {
  const content = await read(keyring);
  if (content !== undefined) return await readKeyring(content, keyring);
  throw new AnyarchError('ANYARCH_FILE', `there is no keyring at ${keyring}`, {
    hint: 'name a file with keys',
  });
}

/** @throws AnyarchError ANYARCH_USAGE */
function given(text: string): KnownDigest {
  const digest = parseDigest(text.toLowerCase());
  if (digest !== undefined) return digest;
  throw new AnyarchError('ANYARCH_USAGE', `${quote(text)} is no digest`, {
    hint: '--digest sha256:HEX or sha512:HEX, as sha256sum and sha512sum write them',
  });
}

function nothingSigned(image: string, { keyring, sums }: TrustOptions): AnyarchError {
  const what = sums === undefined ? 'no list of digests beside it' : shown(sums);
  return new AnyarchError(
    'ANYARCH_DISK_UNVERIFIED',
    `${shown(image)}: ${what} has${keyring === undefined ? '' : ' a signature and'} its digest`,
    { hint: 'name the right list: --sums FILE|URL', details: { image: shown(image) } },
  );
}

/** Better said of the image than of what is not beside it. */
function missing(image: string): AnyarchError {
  return new AnyarchError('ANYARCH_DOWNLOAD_FAILED', `${shown(image)}: the server has no such file`, {
    hint: 'look in a browser what is there',
    details: { url: shown(image) },
  });
}

function unverified(image: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_DISK_UNVERIFIED',
    `${shown(image)}: nothing beside it tells its SHA-256 or SHA-512`,
    {
      hint: 'name what does: --sums FILE|URL or --digest sha256:HEX; or take it as it comes: --no-verify',
      details: { image: shown(image) },
    },
  );
}
