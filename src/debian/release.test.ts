import * as openpgp from 'openpgp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createSigningKey,
  releaseText,
  signText,
  type ReleaseFields,
  type SigningKey,
} from '../../test/support/mirror-release.ts';
import { recorded } from '../../test/support/mirror-sha1.ts';
import { loadKeys } from './keyring.ts';
import { readRelease, type ReleaseOptions } from './release.ts';

const hour = 3_600_000;
let key: SigningKey;
let stranger: SigningKey;

beforeAll(async () => {
  key = await createSigningKey();
  stranger = await createSigningKey();
});

const index = new Map([['main/binary-amd64/Packages.xz', Buffer.from('packages')]]);

async function signed(fields: Partial<ReleaseFields> = {}, by: SigningKey = key): Promise<string> {
  return await signText(releaseText({ suite: 'trixie', ...fields }, index), by);
}

async function read(content: string | Uint8Array, options: Partial<ReleaseOptions> = {}) {
  const keys = await loadKeys([key.keyring]);
  return await readRelease(Buffer.from(content), {
    keys,
    nowMs: Date.now(),
    suite: 'trixie',
    subject: 'InRelease',
    ...options,
  });
}

describe('readRelease', () => {
  it('reads what was signed', async () => {
    const release = await read(
      await signed({ suite: 'stable', codename: 'trixie', architectures: ['amd64', 'arm64'] }),
    );
    expect(release).toMatchObject({
      suite: 'stable',
      codename: 'trixie',
      architectures: ['amd64', 'arm64'],
      byHash: true,
    });
    expect(release.files.get('main/binary-amd64/Packages.xz')?.size).toBe(8);
    expect(release.signers).toEqual([(await loadKeys([key.keyring]))[0]?.getFingerprint().toUpperCase()]);
  });

  it('accepts one good signature among others', async () => {
    const text = releaseText({ suite: 'trixie' }, index);
    const message = await openpgp.createCleartextMessage({ text });
    const signingKeys = [stranger.privateKey, key.privateKey];
    const signature = await openpgp.sign({ message, signingKeys, date: new Date(Date.now() - 60_000) });
    const content = signature.replaceAll('\r\n', '\n');
    expect((await read(content)).codename).toBe('trixie');
  });

  it('refuses a signature by somebody else', async () => {
    await expect(read(await signed({}, stranger))).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
  });

  it('refuses every changed character of the text', async () => {
    const content = await signed();
    for (const [from, to] of [
      ['Suite: trixie', 'Suite: tricks'],
      ['Packages.xz', 'Packages.gz'],
      ['Codename', 'Codename '],
    ] as const) {
      await expect(read(content.replace(from, to))).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
    }
  });

  it.each([
    [
      'no signature at all',
      (content: string) =>
        content.slice(content.indexOf('Origin'), content.indexOf('-----BEGIN PGP SIGNATURE')),
    ],
    ['text after the signature', (content: string) => `${content}\nSuite: trixie\n`],
    ['text before the message', (content: string) => `Suite: trixie\n${content}`],
    ['a second message', (content: string) => `${content}\n${content}`],
    [
      'a message that ends twice',
      (content: string) => content.replace('Codename', '\n-----END PGP SIGNATURE-----\nCodename'),
    ],
    ['carriage returns', (content: string) => content.replaceAll('\n', '\r\n')],
    [
      'a cut signature',
      (content: string) => content.slice(0, content.indexOf('-----END PGP SIGNATURE') - 30),
    ],
    [
      'an empty signature',
      (content: string) => content.replace(/(-----BEGIN PGP SIGNATURE-----\n)[^]*(\n-----END)/, '$1$2'),
    ],
    ['nothing', () => ''],
  ])('refuses %s', async (_, change) => {
    await expect(read(change(await signed()))).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
  });

  it('refuses bytes that are no UTF-8', async () => {
    const content = Buffer.from(await signed());
    content[content.indexOf('Label')] = 0xff;
    await expect(read(content)).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
  });

  it('refuses a SHA-1 signature, where it accepts a SHA-256 signature of the same text by the same key', async () => {
    const options = {
      keys: [await openpgp.readKey({ armoredKey: recorded.key })],
      nowMs: Date.UTC(2026, 0, 3),
    };
    expect((await read(recorded.sha256, options)).codename).toBe('trixie');
    await expect(read(recorded.sha1, options)).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
  });

  it('refuses a key that has expired, unless expired things are allowed', async () => {
    const old = await createSigningKey(new Date(Date.now() - 48 * hour), 24 * 3600);
    const date = new Date(Date.now() - 47 * hour);
    const content = await signText(releaseText({ suite: 'trixie', date }, index), old, { date });
    const keys = await loadKeys([old.keyring]);
    await expect(read(content, { keys })).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
    expect((await read(content, { keys, allowExpired: true })).codename).toBe('trixie');
  });

  it('refuses an expired release, unless that is allowed', async () => {
    const content = await signed({ validUntil: new Date(Date.now() + hour) });
    const nowMs = Date.now() + 2 * hour;
    expect((await read(content)).codename).toBe('trixie');
    await expect(read(content, { nowMs })).rejects.toThrowWithCode('ANYARCH_RELEASE_EXPIRED');
    expect((await read(content, { nowMs, allowExpired: true })).codename).toBe('trixie');
  });

  it('refuses a release of the future', async () => {
    const content = await signed({ date: new Date(Date.now() + hour) });
    await expect(read(content, { allowExpired: true })).rejects.toThrowWithCode('ANYARCH_RELEASE_EXPIRED');
    // This machine's clock is behind the signature too.
    await expect(read(await signed(), { nowMs: Date.now() - 10 * hour })).rejects.toThrowWithCode(
      'ANYARCH_RELEASE_EXPIRED',
    );
  });

  it('refuses another suite than the one asked for', async () => {
    await expect(read(await signed({ suite: 'bookworm' }))).rejects.toThrowWithCode(
      'ANYARCH_SIGNATURE_INVALID',
    );
  });

  it.each([
    ['no SHA256 section', (text: string) => text.replace('SHA256:', 'SHA1:')],
    ['a broken digest', (text: string) => text.replace(/ [0-9a-f]{64} /, ' 0123 ')],
    ['a negative size', (text: string) => text.replace(/ 8 main/, ' -8 main')],
    ['no date', (text: string) => text.replace(/^Date: .*\n/m, '')],
    ['a date that is none', (text: string) => text.replace(/^Date: .*$/m, 'Date: soon')],
  ])('refuses %s', async (_, change) => {
    const text = releaseText({ suite: 'trixie' }, index);
    await expect(read(await signText(change(text), key))).rejects.toThrowWithCode(
      'ANYARCH_SIGNATURE_INVALID',
    );
  });
});

describe('loadKeys', () => {
  it('ships the keys of trixie and bookworm', async () => {
    const ids = (await loadKeys()).map((one) => one.getFingerprint().toUpperCase());
    expect(ids).toContain('04B54C3CDCA79751B16BC6B5225629DF75B188BD');
    expect(ids).toContain('B8B80B5B623EAB6AD8775C45B7C5D7D6350947F8');
  });

  it('refuses what is no keyring', async () => {
    await expect(loadKeys([Buffer.from('no keyring')])).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
  });
});
