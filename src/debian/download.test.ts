import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../test/support/mirror-release.ts';
import { startMirror, type Mirror } from '../../test/support/mirror.ts';
import type { AnyarchError } from '../core/error.ts';
import { fakeLog } from '../host/testing/fake-log.ts';
import { download, downloadSmall, type Downloader } from './download.ts';
import { openHttp, type Http } from '../transfer/index.ts';
import type { Progress } from '../transfer/index.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 3));
const digest = sha256(content);
let mirror: Mirror;
let http: Http;
let cache: string;
let downloader: Downloader;

beforeEach(async () => {
  mirror = await startMirror();
  mirror.files.set('pool/file.deb', content);
  http = await openHttp({
    proxies: { http: undefined, https: undefined, except: '' },
    certificates: [],
    stallMs: 300,
  });
  cache = join(mkdtempSync(join(tmpdir(), 'anyarch-download-')), 'cache');
  downloader = { http, log: fakeLog(), cache, firstDelayMs: 1 };
});
afterEach(async () => {
  await http.close();
  await mirror.close();
  rmSync(join(cache, '..'), { recursive: true });
});

const fetchFile = (change: Partial<Downloader> = {}, sha = digest, size = content.length) =>
  download(
    { ...downloader, ...change },
    { url: `${mirror.url}/pool/file.deb`, size, sha256: sha, subject: 'file.deb' },
  );

it('ends when no cache can be made', async () => {
  await expect(fetchFile({ cache: '/proc/nope/cache' })).rejects.toThrowWithCode('ANYARCH_FILE');
});

const left = () => readdirSync(cache);
const hint = async () => {
  const error: unknown = await fetchFile().catch((reason: unknown) => reason);
  return (error as AnyarchError).hint;
};

describe('download', () => {
  it('brings the file once', async () => {
    const path = await fetchFile();
    expect(readFileSync(path).equals(content)).toBe(true);
    expect(await fetchFile()).toBe(path);
    expect(mirror.requests).toEqual(['GET /pool/file.deb']);
    expect(left()).toEqual([digest]);
  });

  it('tells how far it is', async () => {
    const seen: Progress[] = [];
    await fetchFile({ onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ phase: 'download', subject: 'file.deb', received: 0, total: content.length });
    expect(seen.at(-1)?.received).toBe(content.length);
  });

  it.each([
    ['ignores the range', { ignoreRange: true }],
    ['refuses the range', { refuseRange: true }],
    ['sends another range', { moveRange: true }],
  ])('gives up a server that always closes the connection and %s', async (_, fault) => {
    mirror.fail('file.deb', { cutAfter: 100_000, ...fault });
    await expect(fetchFile()).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
    expect(mirror.requests.length).toBeLessThan(10);
  });

  it('goes on after the server has closed the connection', async () => {
    mirror.fail('file.deb', { cutAfter: 100_000, times: 1 });
    expect(readFileSync(await fetchFile()).equals(content)).toBe(true);
    expect(mirror.requests[1]).toMatch(/^GET \/pool\/file\.deb bytes=[1-9]\d*-$/);
  });

  it('goes on where an earlier command had to give up', async () => {
    mirror.fail('file.deb', { status: 500, times: 9 });
    mirror.fail('file.deb', { cutAfter: 250_000, times: 1 });
    await expect(fetchFile()).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
    expect(await hint()).toMatch(/what has arrived is kept for the next attempt$/);
    expect(left()).toEqual([`${digest}.part`]);
    const { size } = statSync(join(cache, `${digest}.part`));
    expect(size).toBeGreaterThan(0);
    mirror.heal();
    mirror.requests.length = 0;
    expect(readFileSync(await fetchFile()).equals(content)).toBe(true);
    expect(mirror.requests).toEqual([`GET /pool/file.deb bytes=${size}-`]);
    expect(left()).toEqual([digest]);
  });

  it('starts again when the server cannot go on', async () => {
    mirror.fail('file.deb', { ignoreRange: true });
    mirror.fail('file.deb', { cutAfter: 100_000, times: 1 });
    expect(readFileSync(await fetchFile()).equals(content)).toBe(true);
  });

  it('takes over what a killed process has left, however much that is', async () => {
    await fetchFile();
    for (const size of [1, 1000, content.length]) {
      rmSync(join(cache, digest));
      // No process has this pid.
      writeFileSync(join(cache, `${digest}.part.${namespace()}-4194305-1.ab`), content.subarray(0, size));
      mirror.requests.length = 0;
      await fetchFile();
      expect(mirror.requests).toEqual(size === content.length ? [] : [`GET /pool/file.deb bytes=${size}-`]);
      expect(left()).toEqual([digest]);
    }
  });

  it('starts again when what was left is damaged or too long', async () => {
    await fetchFile();
    for (const damaged of [Buffer.alloc(1000), Buffer.concat([content, content])]) {
      rmSync(join(cache, digest));
      writeFileSync(join(cache, `${digest}.part`), damaged);
      expect(readFileSync(await fetchFile()).equals(content)).toBe(true);
      expect(left()).toEqual([digest]);
    }
  });

  it('fetches again what is damaged in the cache', async () => {
    const path = await fetchFile();
    writeFileSync(path, 'damaged');
    expect(readFileSync(await fetchFile()).equals(content)).toBe(true);
  });

  it('deletes what has the wrong digest', async () => {
    mirror.fail('file.deb', { flipAt: 200_000 });
    await expect(fetchFile()).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
    expect(left()).toEqual([]);
  });

  it('deletes what is longer than it should be', async () => {
    await expect(fetchFile({}, sha256(content.subarray(0, 1000)), 1000)).rejects.toThrowWithCode(
      'ANYARCH_DIGEST_MISMATCH',
    );
    expect(left()).toEqual([]);
  });

  it.each([content.length + 1, content.length - 1])(
    'says that a mirror has a file of another time: %i bytes',
    async (size) => {
      const error: unknown = await fetchFile({}, digest, size).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        code: 'ANYARCH_DIGEST_MISMATCH',
        message: `${mirror.url}/pool/file.deb has 300000 bytes there, and ${size} are signed: the mirror's copy is of another time than its Release file`,
        hint: expect.stringContaining('--mirror URL or another suite with --suite') as string,
      });
      // It is no transient failure.
      expect(mirror.requests).toHaveLength(1);
      expect(left()).toEqual([]);
    },
  );

  it('says the same when the file has changed since the download began', async () => {
    mirror.fail('file.deb', { cutAfter: 100_000, times: 1 });
    const progress = { onProgress: () => mirror.files.set('pool/file.deb', content.subarray(0, 200_000)) };
    await expect(fetchFile(progress)).rejects.toThrow('has 200000 bytes there, and 300000 are signed');
  });

  it('gives up a server that sends nothing any more', async () => {
    mirror.fail('file.deb', { stallAfter: 0 });
    await expect(fetchFile()).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
    // The first request, and three more; undici looks once a second whether something has come.
    expect(mirror.requests).toHaveLength(4);
  }, 20_000);

  it('survives a short outage', async () => {
    mirror.fail('file.deb', { status: 503, times: 3 });
    expect(readFileSync(await fetchFile()).equals(content)).toBe(true);
  });

  it('does not repeat what cannot succeed', async () => {
    mirror.fail('file.deb', { status: 403 });
    const error = await fetchFile().catch((reason: unknown) => reason);
    expect((error as AnyarchError).code).toBe('ANYARCH_DOWNLOAD_FAILED');
    expect((error as AnyarchError).details).toMatchObject({ status: 403 });
    expect(mirror.requests).toHaveLength(1);
  });

  it('follows redirects, but not for ever', async () => {
    mirror.files.set('elsewhere', content);
    mirror.fail('file.deb', { redirectTo: `${mirror.url}/elsewhere` });
    expect(readFileSync(await fetchFile()).equals(content)).toBe(true);
    rmSync(join(cache, digest));
    mirror.fail('file.deb', { redirectTo: `${mirror.url}/pool/file.deb` });
    await expect(fetchFile()).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
  });

  it('says so when nobody answers', async () => {
    await mirror.close();
    await expect(fetchFile()).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
    // Nothing has arrived.
    expect(await hint()).toBe('check the network, or name another mirror with --mirror URL');
    expect(left()).toEqual([]);
    mirror = await startMirror();
  });

  it('keeps what has arrived when it is cancelled', async () => {
    const controller = new AbortController();
    const onProgress = ({ received }: Progress) => {
      if (received > 0) controller.abort();
    };
    await expect(fetchFile({ signal: controller.signal, onProgress })).rejects.toThrowWithCode(
      'ANYARCH_CANCELLED',
    );
    expect(left()).toEqual([`${digest}.part`]);
  });

  it('can be cancelled while it waits to try again', async () => {
    mirror.fail('file.deb', { status: 503 });
    const signal = AbortSignal.timeout(100);
    await expect(fetchFile({ signal, firstDelayMs: 60_000 })).rejects.toThrowWithCode('ANYARCH_CANCELLED');
  });

  it('can run several times at once', async () => {
    const paths = await Promise.all([fetchFile(), fetchFile(), fetchFile()]);
    expect(new Set(paths).size).toBe(1);
    expect(readFileSync(paths[0]).equals(content)).toBe(true);
    expect(left()).toEqual([digest]);
  });
});

describe('downloadSmall', () => {
  it('brings the content, up to a limit', async () => {
    const url = `${mirror.url}/pool/file.deb`;
    expect(content.equals(await downloadSmall(downloader, url, content.length))).toBe(true);
    await expect(downloadSmall(downloader, url, content.length - 1)).rejects.toThrowWithCode(
      'ANYARCH_DOWNLOAD_FAILED',
    );
  });

  it('tries again when the connection was closed', async () => {
    mirror.fail('file.deb', { cutAfter: 1000, times: 2 });
    expect(content.equals(await downloadSmall(downloader, `${mirror.url}/pool/file.deb`, 1e6))).toBe(true);
  });
});

/** The pid namespace's inode. */
function namespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
}
