import { createHash } from 'node:crypto';
import * as openpgp from 'openpgp';

export interface SigningKey {
  readonly privateKey: openpgp.PrivateKey;
  /** Binary keyring with the public part. */
  readonly keyring: Uint8Array;
}

export async function createSigningKey(
  date = new Date(Date.now() - 86_400_000),
  lifetimeSeconds = 0,
): Promise<SigningKey> {
  const { privateKey, publicKey } = await openpgp.generateKey({
    userIDs: [{ name: 'Archive of the tests' }],
    format: 'object',
    date,
    keyExpirationTime: lifetimeSeconds,
  });
  return { privateKey, keyring: publicKey.write() };
}

export interface ReleaseFields {
  readonly suite: string;
  readonly codename?: string;
  readonly date?: Date;
  readonly validUntil?: Date | undefined;
  readonly architectures?: readonly string[];
  readonly byHash?: boolean;
}

export function releaseText(fields: ReleaseFields, files: ReadonlyMap<string, Uint8Array>): string {
  const {
    suite,
    codename = suite,
    date = new Date(),
    validUntil,
    architectures = ['amd64'],
    byHash = true,
  } = fields;
  const lines = [...files].map(([path, content]) => ` ${sha256(content)} ${content.length} ${path}`);
  return [
    'Origin: Debian',
    'Label: Debian',
    `Suite: ${suite}`,
    `Codename: ${codename}`,
    `Date: ${date.toUTCString()}`,
    ...(validUntil === undefined ? [] : [`Valid-Until: ${validUntil.toUTCString()}`]),
    ...(byHash ? ['Acquire-By-Hash: yes'] : []),
    `Architectures: ${architectures.join(' ')}`,
    'Components: main',
    'SHA256:',
    ...lines,
    '',
  ].join('\n');
}

export async function signText(
  text: string,
  key: SigningKey,
  options: { date?: Date; config?: openpgp.PartialConfig } = {},
): Promise<string> {
  const message = await openpgp.createCleartextMessage({ text });
  const signed = await openpgp.sign({
    message,
    signingKeys: key.privateKey,
    date: options.date ?? new Date(Date.now() - 60_000),
    ...(options.config === undefined ? {} : { config: options.config }),
  });
  // OpenPGP.js ends lines as mail does, Debian as Unix does.
  return signed.replaceAll('\r\n', '\n');
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
