import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as openpgp from 'openpgp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signText } from '../../../test/support/mirror-release.ts';
import { startMirror, type Mirror } from '../../../test/support/mirror.ts';
import type { Host } from '../../host/host.ts';
import { nodeHost } from '../../host/node/node-host.ts';
import { fakeLog } from '../../host/testing/fake-log.ts';
import { obtainCloudImage, type CloudImageOptions } from './obtain-cloud-image.ts';
import { gptDisk, qcow2Of } from './testing/disks.ts';

const disk = gptDisk({ loader: { name: 'BOOTAA64.EFI', machine: 0xaa64 } });
const image = qcow2Of(disk);
const definition = { name: 'arm64', architecture: 'aarch64', boots: ['firmware'] } as const;
const digest = (content: Uint8Array, kind = 'sha512'): string =>
  createHash(kind).update(content).digest('hex');

let mirror: Mirror;
let home: string;
let host: Host;
let log: ReturnType<typeof fakeLog>;

beforeEach(async () => {
  mirror = await startMirror();
  mirror.files.set('i/my.qcow2', image);
  mirror.files.set('i/SHA512SUMS', Buffer.from(`${digest(image)}  my.qcow2\n`));
  home = mkdtempSync(join(tmpdir(), 'anyarch-images-'));
  log = fakeLog();
  const node = nodeHost();
  host = { ...node, log, system: { ...node.system, environment: { ANYARCH_HOME: home } } };
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

const obtain = (change: Partial<CloudImageOptions> = {}, path = 'i/my.qcow2') =>
  obtainCloudImage(host, `${mirror.url}/${path}`, { definition, retryMs: 1, ...change });
const said = () => log.messages.map(({ message }) => message).join('\n');
const kept = () => readdirSync(join(home, 'machine-images')).filter((name) => name.startsWith('cloud-'));
const definitionOnly = { definition, retryMs: 1 };
const downloads = () => mirror.requests.filter((request) => request.includes('/i/my.qcow2'));

describe('from the web', () => {
  it.each(['http://h/%zz.qcow2', 'http://', 'HTTP://', 'https://[x', 'http://h:99999/a.qcow2'])(
    'takes %s for a mistake, not for an image',
    async (address) => {
      for (const options of [{}, { noFetch: true }, { digest: `sha256:${'0'.repeat(64)}` }])
        await expect(
          obtainCloudImage(host, address, { ...definitionOnly, ...options }),
        ).rejects.toMatchObject({ code: 'ANYARCH_USAGE' });
      await expect(obtain({ sums: address })).rejects.toMatchObject({ code: 'ANYARCH_USAGE' });
    },
  );

  it('says of an image that is not there that it is not, and not what is not beside it', async () => {
    const missing = {
      code: 'ANYARCH_DOWNLOAD_FAILED',
      message: expect.stringContaining('no such file') as string,
    };
    await expect(obtain({}, 'none/other.qcow2')).rejects.toMatchObject(missing);
    mirror.files.set('bare/my.qcow2', image);
    await expect(obtain({}, 'bare/my.qcow2')).rejects.toThrowWithCode('ANYARCH_DISK_UNVERIFIED');
  });

  it('names a server that redirects in a circle', async () => {
    mirror.fail('circle', { redirectTo: '/circle' });
    await expect(obtain({}, 'circle/my.qcow2')).rejects.toMatchObject({
      code: 'ANYARCH_DOWNLOAD_FAILED',
      message: expect.stringContaining('redirects in a circle') as string,
    });
  });

  it('asks for the list of a name that has to be written with percent signs', async () => {
    mirror.files.clear();
    await expect(obtain({}, 'i/a%3Fb%23c%25.qcow2')).rejects.toMatchObject({
      code: 'ANYARCH_DOWNLOAD_FAILED',
    });
    expect(mirror.requests).toContainEqual(expect.stringContaining('/i/a?b#c%.qcow2.sha512'));
  });

  it('wants somebody to vouch for it, however its scheme is written', async () => {
    mirror.files.delete('i/SHA512SUMS');
    const address = `${mirror.url.replace('http:', 'HTTP:')}/i/my.qcow2`;
    await expect(obtainCloudImage(host, address, definitionOnly)).rejects.toMatchObject({
      code: 'ANYARCH_DISK_UNVERIFIED',
    });
  });

  it('keeps what has the digest of the list beside it, read-only', async () => {
    const base = await obtain();
    expect(base).toMatchObject({
      format: 'qcow2',
      bytes: disk.length,
      sha256: digest(image, 'sha256'),
      origin: `${mirror.url}/i/my.qcow2`,
      boot: { kind: 'firmware' },
    });
    expect(readFileSync(base.file).equals(image)).toBe(true);
    expect(statSync(base.file).mode & 0o222).toBe(0);
    expect(said()).toMatch(/SHA-512 from .*SHA512SUMS, whose signature.*was not looked at/);
  });

  it('does not download it again', async () => {
    const first = await obtain();
    expect(await obtain()).toEqual(first);
    expect(await obtain({ noFetch: true })).toEqual(first);
    expect(downloads()).toHaveLength(1);
  });

  it('goes on where it was interrupted', async () => {
    mirror.fail('my.qcow2', { cutAfter: 70_000, times: 4 });
    await obtain();
    expect(downloads().some((request) => request.includes('bytes='))).toBe(true);
  });

  it('starts again when what was left is of another file', async () => {
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort();
    };
    await expect(obtain({ signal: stop.signal, onProgress })).rejects.toThrowWithCode('ANYARCH_CANCELLED');
    const parts = join(home, 'machine-images/.downloads');
    const [part = ''] = readdirSync(parts);
    writeFileSync(join(parts, part), Buffer.alloc(5000, 'x'));
    expect((await obtain()).sha256).toBe(digest(image, 'sha256'));
  });

  it('refuses another content, and keeps nothing of it', async () => {
    mirror.fail('my.qcow2', { flipAt: 100_000 });
    await expect(obtain()).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
    expect(kept()).toEqual([]);
  });

  it('wants somebody to vouch for the content', async () => {
    mirror.files.delete('i/SHA512SUMS');
    await expect(obtain()).rejects.toThrowWithCode('ANYARCH_DISK_UNVERIFIED');
    await expect(obtain({ digest: `sha256:${'0'.repeat(64)}` })).rejects.toThrowWithCode(
      'ANYARCH_DIGEST_MISMATCH',
    );
    await obtain({ digest: `sha256:${digest(image, 'sha256')}` });
    await obtain({ noVerify: true });
    expect(said()).toContain('nobody vouches');
  });

  it('takes a list from elsewhere', async () => {
    mirror.files.delete('i/SHA512SUMS');
    const sums = join(home, 'sums');
    writeFileSync(sums, `SHA256 (my.qcow2) = ${digest(image, 'sha256')}\n`);
    await obtain({ sums });
    writeFileSync(sums, `SHA256 (other.qcow2) = ${digest(image, 'sha256')}\n`);
    await expect(obtain({ sums })).rejects.toThrowWithCode('ANYARCH_DISK_UNVERIFIED');
  });

  it('checks the signature of the list where there are keys', async () => {
    const keyring = join(home, 'keys.gpg');
    writeFileSync(keyring, mirror.keyring);
    await expect(obtain({ keyring })).rejects.toThrowWithCode('ANYARCH_DISK_UNVERIFIED');
    const list = `${digest(image)}  my.qcow2\n`;
    mirror.files.set('i/SHA512SUMS', Buffer.from(await signText(list, mirror.key)));
    await obtain({ keyring });
    expect(said()).toContain('signed by');
    const other = await startMirror();
    writeFileSync(keyring, other.keyring);
    await other.close();
    await expect(obtain({ keyring })).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
  });

  it('finds a detached signature beside the list', async () => {
    const keyring = join(home, 'keys.gpg');
    writeFileSync(keyring, mirror.keyring);
    const sign = async (text: string): Promise<string> => {
      const message = await openpgp.createMessage({ binary: Buffer.from(text) });
      const signed: unknown = await openpgp.sign({
        message,
        signingKeys: mirror.key.privateKey,
        detached: true,
      });
      return String(signed);
    };
    mirror.files.set('i/SHA512SUMS.sign', Buffer.from(await sign(`${digest(image)}  my.qcow2\n`)));
    const base = await obtain({ keyring });
    expect(readFileSync(base.file).equals(image)).toBe(true);
    mirror.files.set('i/SHA512SUMS.sign', Buffer.from(await sign('another list\n')));
    await expect(obtain({ keyring })).rejects.toThrowWithCode('ANYARCH_SIGNATURE_INVALID');
  });

  it('unpacks what is compressed, with holes', async () => {
    const raw = Buffer.concat([disk, Buffer.alloc(8 << 20)]);
    const packed = gzipSync(raw);
    mirror.files.set('i/my.raw.gz', packed);
    mirror.files.set('i/SHA512SUMS', Buffer.from(`${digest(packed)}  my.raw.gz\n`));
    const base = await obtain({}, 'i/my.raw.gz');
    expect(base).toMatchObject({ format: 'raw', bytes: raw.length });
    expect(readFileSync(base.file).equals(raw)).toBe(true);
    expect(statSync(base.file).blocks * 512).toBeLessThan(1 << 20);
  });

  it.each([
    ['another architecture', { ...definition, architecture: 'x86_64' }, 'ANYARCH_DISK_ARCHITECTURE'],
    ['a machine without firmware', { ...definition, boots: ['kernel'] as const }, 'ANYARCH_DISK_INVALID'],
  ] as const)('refuses it for %s', async (_, other, code) => {
    await expect(obtain({ definition: other })).rejects.toThrowWithCode(code);
  });

  it('refuses what is cut off though its digest is right', async () => {
    const cut = image.subarray(0, image.length >> 1);
    mirror.files.set('i/my.qcow2', cut);
    mirror.files.set('i/SHA512SUMS', Buffer.from(`${digest(cut)}  my.qcow2\n`));
    await expect(obtain()).rejects.toThrowWithCode('ANYARCH_DISK_INVALID');
    expect(kept()).toEqual([]);
  });

  it('says that there is none, and that none was downloaded before', async () => {
    mirror.files.set('i/SHA512SUMS', Buffer.from(`${digest(image)}  gone.qcow2\n`));
    await expect(obtain({}, 'i/gone.qcow2')).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
    await expect(obtain({ noFetch: true })).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
  });
});

describe('from a file', () => {
  it('copies it, and never writes to it', async () => {
    const file = join(home, 'mine.qcow2');
    writeFileSync(file, image);
    chmodSync(file, 0o444);
    const before = statSync(file);
    const base = await obtainCloudImage(host, file, { definition });
    expect(base.file).not.toBe(file);
    expect(readFileSync(base.file).equals(image)).toBe(true);
    expect(statSync(file).mtimeMs).toBe(before.mtimeMs);
    expect(await obtainCloudImage(host, file, { definition })).toEqual(base);
    expect(kept()).toHaveLength(1);
  });

  it('refuses directories, what is not there, and other digests', async () => {
    const file = join(home, 'mine.qcow2');
    writeFileSync(file, image);
    const of = (path: string, change: Partial<CloudImageOptions> = {}) =>
      obtainCloudImage(host, path, { definition, ...change });
    await expect(of(home)).rejects.toThrowWithCode('ANYARCH_FILE');
    await expect(of(join(home, 'none'))).rejects.toThrowWithCode('ANYARCH_FILE');
    await expect(of(file, { digest: 'x' })).rejects.toThrowWithCode('ANYARCH_USAGE');
    await expect(of(file, { digest: `sha256:${'0'.repeat(64)}` })).rejects.toThrowWithCode(
      'ANYARCH_DIGEST_MISMATCH',
    );
  });
});
