import type { PublicKey, VerifyMessageResult } from 'openpgp';
import { AnyarchError } from '../../../core/error.ts';

/** Armored or binary. @throws AnyarchError ANYARCH_SIGNATURE_INVALID */
export async function readKeyring(content: Uint8Array, path: string): Promise<PublicKey[]> {
  const { readKeys } = await import('openpgp');
  const text = Buffer.from(content).toString('latin1');
  const isArmored = text.includes('-----BEGIN PGP PUBLIC KEY BLOCK-----');
  const keys: PublicKey[] = [];
  try {
    keys.push(
      ...(isArmored ? await readKeys({ armoredKeys: text }) : await readKeys({ binaryKeys: content })),
    );
    return keys;
  } catch (error) {
    throw new AnyarchError('ANYARCH_SIGNATURE_INVALID', `${path} has no keys of OpenPGP`, {
      hint: 'export them: gpg --export KEY > keys.gpg',
      details: { keyring: path },
      cause: error,
    });
  }
}

export interface VerifiedText {
  /** What the signature covers, and nothing else. */
  readonly text: string;
  /** Fingerprints of the keys with a good signature. */
  readonly signers: readonly string[];
}

/**
 * @param signature detached; undefined where the text itself is a signed message
 * @returns no signers where none of the keys has made a good signature
 */
export async function verifyText(
  content: Uint8Array,
  signature: Uint8Array | undefined,
  keys: readonly PublicKey[],
  nowMs: number,
): Promise<VerifiedText> {
  const openpgp = await import('openpgp');
  const options = { verificationKeys: [...keys], date: new Date(nowMs) };
  if (signature === undefined) {
    const message = await openpgp.readCleartextMessage({
      cleartextMessage: Buffer.from(content).toString('utf8'),
    });
    const { data, signatures } = await openpgp.verify({ message, ...options });
    return { text: data, signers: await goodSigners(signatures, keys) };
  }
  const armored = Buffer.from(signature).toString('latin1');
  const read = armored.includes('-----BEGIN PGP SIGNATURE-----')
    ? await openpgp.readSignature({ armoredSignature: armored })
    : await openpgp.readSignature({ binarySignature: signature });
  const message = await openpgp.createMessage({ binary: content });
  const { signatures } = await openpgp.verify({ message, signature: read, ...options });
  return { text: Buffer.from(content).toString('utf8'), signers: await goodSigners(signatures, keys) };
}

export function isClearSigned(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, 64))
    .toString('latin1')
    .startsWith('-----BEGIN PGP SIGNED MESSAGE-----');
}

async function goodSigners(
  signatures: VerifyMessageResult['signatures'],
  keys: readonly PublicKey[],
): Promise<string[]> {
  const signers: string[] = [];
  for (const { verified, keyID } of signatures) {
    // It throws what is wrong with the signature, an unknown key among it.
    const isGood = await verified.catch(() => false);
    const key = keys.find((candidate) => candidate.getKeys(keyID).length > 0);
    if (isGood) signers.push(key?.getFingerprint().toUpperCase() ?? keyID.toHex().toUpperCase());
  }
  return signers;
}
