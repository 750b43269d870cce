import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/error-code.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import {
  listImages,
  pruneImages,
  removeImages,
  storedByReference,
  storedImage,
  unpackImage,
  useImage,
  verifyImages,
} from '../../src/image-store/index.ts';
import type { OpenedImage } from '../../src/image-store/index.ts';
import { layerFile, openedImage } from '../../src/image-store/testing/opened-images.ts';
import { headerOf, makeTar } from '../../src/image-store/testing/tar-maker.ts';
import type { Member } from '../../src/image-store/testing/tar-maker.ts';
import { plantCanary } from '../support/canary.ts';
import { run } from '../support/command.ts';
import { storeCommand } from '../support/image-store-child.ts';
import type { StoreChildResult } from '../support/image-store-child.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const host = nodeHost();
const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');

let place: string;
let state: string;

beforeEach(() => {
  place = temporaryDirectory('store');
  state = join(place, 'state');
});

function imageOf(...layers: readonly (readonly Member[])[]): OpenedImage {
  return openedImage(layers.map((members) => layerFile(place, makeTar(members))));
}

/** What is in the store's directory. */
function left(): string[] {
  const images = join(state, 'images');
  return existsSync(images) ? readdirSync(images).sort() : [];
}

const sample: readonly (readonly Member[])[] = [
  [
    { path: './', mode: 0o711 },
    { path: 'etc/', mtime: 1_000_000_000 },
    { path: 'etc/passwd', content: 'root:x:0:0\n', mode: 0o4755, mtime: 1_100_000_000 },
    {
      path: 'cap',
      content: 'program',
      pax: {
        'SCHILY.xattr.security.capability': capability,
        'SCHILY.xattr.user.note': 'kept',
        'SCHILY.xattr.user.overlay.whiteout': 'y',
        'SCHILY.xattr.trusted.overlay.opaque': 'y',
        'SCHILY.xattr.security.selinux': 'label',
      },
    },
    { path: 'caf\xe9', content: 'latin' },
    { path: 'link', type: '2', link: '/etc' },
    { path: 'fifo', type: '6', mode: 0o620 },
    { path: 'null', type: '3', major: 1, minor: 3 },
    { path: 'closed/', mode: 0o000 },
    { path: 'closed/inside', content: 'x', mtime: -86_400 },
  ],
  [
    { path: 'link/shadow', content: 'through the link', mode: 0o600 },
    { path: 'same', type: '1', link: 'etc/passwd' },
    { path: '.wh.fifo' },
  ],
];

describe('an image in the store', () => {
  it('has the files, modes, times, links and attributes of its layers', async () => {
    const stored = await unpackImage(host, state, imageOf(...sample));
    const at = (path: string) => lstatSync(join(stored.root, path));
    expect(stored.deviceNodes).toBe(1);
    expect(at('').mode & 0o7777).toBe(0o711);
    expect(at('etc').mtimeMs).toBe(1_000_000_000_000);
    expect(at('etc/passwd').mode & 0o7777).toBe(0o4755);
    expect(at('same').ino).toBe(at('etc/passwd').ino);
    expect(readlinkSync(join(stored.root, 'link'))).toBe('/etc');
    expect(readFileSync(join(stored.root, 'etc/shadow'), 'utf8')).toBe('through the link');
    expect(readdirSync(stored.root, 'latin1').sort()).toEqual(
      ['caf\xe9', 'cap', 'closed', 'etc', 'link', 'same'].sort(),
    );
    expect(statSync(join(state, 'images')).mode & 0o7777).toBe(0o700);
    // Read back from the kernel for the listing.
    const listing = gunzipSync(readFileSync(join(stored.root, '../listing.gz'))).toString();
    const line = listing.split('\n').find((one) => one.startsWith('["cap"')) ?? '[]';
    const [xattrs] = (JSON.parse(line) as unknown[]).slice(-1);
    expect(xattrs).toEqual({
      'security.capability': capability.toString('base64'),
      'user.note': Buffer.from('kept').toString('base64'),
    });
  });

  it('is unpacked once, found by its layers and by its name, and listed', async () => {
    const image = imageOf(...sample);
    expect(storedImage(host, state, image)).toBeUndefined();
    const first = await unpackImage(host, state, image);
    const before = lstatSync(first.root).ctimeMs;
    expect(await unpackImage(host, state, image)).toEqual(first);
    expect(lstatSync(first.root).ctimeMs).toBe(before);
    expect(storedImage(host, state, image)).toEqual(first);
    expect(storedByReference(host, state, 'test:latest', image.platform)).toEqual(first);
    const other = await unpackImage(host, state, { ...image, reference: 'other:1' });
    expect(other.references).toEqual(['test:latest', 'other:1']);
    expect(listImages(host, state)).toMatchObject([
      { platform: 'linux/arm64', references: ['test:latest', 'other:1'] },
    ]);
    expect(await removeImages(host, state, ['test:latest'])).toMatchObject([{ outcome: 'untagged' }]);
    expect(await removeImages(host, state, ['other:1'])).toMatchObject([{ outcome: 'removed' }]);
    expect(left()).toEqual([]);
    await expect(removeImages(host, state, ['other:1'])).rejects.toThrowWithCode('ANYARCH_IMAGE_NOT_STORED');
  });

  it('reads layers of any compression, also inside of a larger file', async () => {
    const tar = makeTar([{ path: 'x', content: 'y'.repeat(100_000) }]);
    const zstd = await import('@bokuweb/zstd-wasm');
    await zstd.init();
    for (const packed of [tar, gzipSync(tar), Buffer.from(zstd.compress(tar))]) {
      const layer = layerFile(
        place,
        tar,
        Buffer.concat([Buffer.from('before'), packed, Buffer.from('after')]),
      );
      const image = openedImage([{ ...layer, offset: 6, size: packed.length }]);
      const { root } = await unpackImage(host, state, image);
      expect(statSync(join(root, 'x')).size).toBe(100_000);
      await removeImages(host, state, ['test:latest']);
    }
  });

  it('is intact until anything of it changes', async () => {
    const { root } = await unpackImage(host, state, imageOf(...sample));
    expect(await verifyImages(host, state, [])).toMatchObject([{ outcome: 'intact', differenceCount: 0 }]);
    rewrite(join(root, 'etc/shadow'), 'THROUGH THE LINK');
    chmodSync(join(root, 'closed'), 0o777);
    writeFileSync(join(root, 'etc/more'), '');
    rmSync(join(root, 'link'));
    appendFileSync(join(root, 'cap'), 'x');
    const [found] = await verifyImages(host, state, ['test:latest']);
    expect(found).toMatchObject({
      outcome: 'changed',
      differences: [
        { path: 'cap', what: 'size' },
        // Writing to it has taken its capability away.
        { path: 'cap', what: 'xattrs' },
        { path: 'closed', what: 'mode' },
        { path: 'etc/more', what: 'added' },
        { path: 'etc/shadow', what: 'content' },
        { path: 'link', what: 'missing' },
      ],
    });
  });

  it('is verified by its listing, whose damage is told', async () => {
    const { root } = await unpackImage(host, state, imageOf(...sample));
    writeFileSync(join(root, '../listing.gz'), gzipSync('["","directory",457,0,0,0,""]\n'));
    const [found] = await verifyImages(host, state, []);
    expect(found).toMatchObject({ outcome: 'failed', error: { code: 'ANYARCH_STATE_INVALID' } });
  });

  it('stays while it is used', async () => {
    const stored = await unpackImage(host, state, imageOf(...sample));
    const release = useImage(host, stored);
    expect(await pruneImages(host, state, { olderThanMs: 0 })).toMatchObject([{ outcome: 'in-use' }]);
    expect(await removeImages(host, state, ['test:latest'])).toMatchObject([{ outcome: 'in-use' }]);
    release();
    expect(await pruneImages(host, state, { olderThanMs: 60_000 })).toEqual([]);
    expect(await pruneImages(host, state, { olderThanMs: 0, dryRun: true })).toMatchObject([
      { outcome: 'removed' },
    ]);
    expect(left()).toHaveLength(1);
    const used = join(stored.root, '../in-use');
    utimesSync(used, new Date(0), new Date(0));
    expect(await pruneImages(host, state, { olderThanMs: 60_000 })).toMatchObject([{ outcome: 'removed' }]);
    expect(left()).toEqual([]);
    expect(() => useImage(host, stored)).toThrowWithCode('ANYARCH_IMAGE_NOT_STORED');
  });

  it('is unpacked again when the machine went down before it was on the disk', async () => {
    // In memory, where it is there at once.
    const inMemory = mkdtempSync('/dev/shm/anyarch-test-store-');
    try {
      const image = imageOf(...sample);
      const { root } = await unpackImage(host, inMemory, image);
      const mark = join(root, '../unsettled');
      while (existsSync(mark)) await sleep(20);
      writeFileSync(mark, 'another-boot');
      rmSync(join(root, 'cap'));
      expect(storedImage(host, inMemory, image)).toBeUndefined();
      expect(existsSync(join((await unpackImage(host, inMemory, image)).root, 'cap'))).toBe(true);
    } finally {
      rmSync(inMemory, { recursive: true });
    }
  });
});

describe('a hostile image', () => {
  const member = (path: string, content = 'evil'): Member => ({ path, content });

  it.each<[string, (canary: string) => readonly (readonly Member[])[], string | undefined]>([
    ['names that lead out', (canary) => [[member(`../../../..${canary}/file`)]], 'ANYARCH_IMAGE_INVALID'],
    ['absolute names', (canary) => [[member(`${canary}/file`)]], undefined],
    [
      'a link to a directory outside, then members below it',
      (canary) => [[{ path: 'd', type: '2', link: canary }], [member('d/file'), member('d/inside/deep')]],
      undefined,
    ],
    [
      'a link to a file outside, then that file',
      (canary) => [[{ path: 'f', type: '2', link: `${canary}/file` }, member('f')]],
      undefined,
    ],
    [
      'a link upwards, then whiteouts below it',
      (canary) => [
        [{ path: 'd', type: '2', link: `../../../../../../../../..${canary}` }],
        [member('d/.wh.file'), member('d/inside/.wh..wh..opq')],
      ],
      undefined,
    ],
    [
      'a hard link to a file outside, then its content',
      (canary) => [[{ path: 'h', type: '1', link: `${canary}/file` }, member('h')]],
      'ANYARCH_IMAGE_INVALID',
    ],
    [
      'a hard link through a link',
      (canary) => [
        [
          { path: 'd', type: '2', link: canary },
          { path: 'h', type: '1', link: 'd/file' },
        ],
      ],
      'ANYARCH_IMAGE_INVALID',
    ],
    [
      'a directory that becomes a link before its mode is set',
      (canary) => [
        [
          { path: 'd/', mode: 0o777 },
          { path: 'd/inside/', mode: 0o777 },
        ],
        [{ path: 'd', type: '2', link: canary }],
      ],
      undefined,
    ],
    ['a whiteout of the tree above', () => [[member('x')], [member('.wh...')]], 'ANYARCH_IMAGE_INVALID'],
    [
      "overlay's own whiteout",
      () => [[{ path: 'x', type: '3', major: 0, minor: 0 }]],
      'ANYARCH_IMAGE_INVALID',
    ],
    [
      'links in a circle',
      () => [[{ path: 'a', type: '2', link: 'b' }, { path: 'b', type: '2', link: 'a' }, member('a/x')]],
      'ANYARCH_IMAGE_INVALID',
    ],
  ])('of %s changes nothing outside and leaves nothing half done', async (_what, layers, code) => {
    const canary = plantCanary(join(place, 'canary'));
    const before = canary.look();
    const image = imageOf(...layers(canary.path));
    const outcome = await unpackImage(host, state, image).then(
      () => undefined,
      (error: unknown) => (error as { code?: string }).code,
    );
    expect(outcome).toBe(code);
    expect(canary.look()).toBe(before);
    expect(left()).toHaveLength(code === undefined ? 1 : 0);
  });

  it('cannot write outside even where the extractor lets it', async () => {
    // What the worker is in: the host's files are read-only there, but for the directory that is being built.
    const canary = plantCanary(join(place, 'canary'));
    const { runGuest } = await import('../../src/run/index.ts');
    const building = join(place, 'building');
    mkdirSync(building);
    const script = `for f in ${canary.path}/file ${building}/file; do (echo evil >$f) 2>/dev/null && echo wrote; done`;
    let printed = '';
    await runGuest(host, {
      emulated: [],
      root: { kind: 'host', readOnly: true },
      ids: host.system.uid === 0 ? 'root' : 'auto',
      command: ['sh', '-c', script],
      binds: [{ source: building, target: building, readOnly: false, kind: 'directory' }],
      environment: [],
      workingDirectory: '/',
      scratch: join(place, 'mount'),
      output: {
        stdout: (chunk) => {
          printed += Buffer.from(chunk).toString();
        },
        stderr: () => undefined,
      },
    });
    expect(printed).toBe('wrote\n');
    expect(readFileSync(join(canary.path, 'file'), 'utf8')).toBe('untouched');
  });

  it('would be seen: the canary tells of every kind of write', () => {
    const canary = plantCanary(join(place, 'canary'));
    const { path } = canary;
    const writes: (() => void)[] = [
      () => {
        appendFileSync(join(path, 'file'), 'x');
      },
      () => {
        chmodSync(join(path, 'inside'), 0o711);
      },
      () => {
        linkSync(join(path, 'file'), join(place, 'another'));
      },
      () => {
        renameSync(join(path, 'inside/deep'), join(path, 'inside/moved'));
      },
      () => {
        rmSync(join(path, 'link'));
      },
    ];
    for (const write of writes) {
      const before = canary.look();
      write();
      expect(canary.look()).not.toBe(before);
    }
  });

  it.each<[string, (tar: Buffer) => OpenedImage, ErrorCode]>([
    [
      'another content than its digest',
      (tar) => withLayer(tar, { diffId: `sha256:${'0'.repeat(64)}` }),
      'ANYARCH_DIGEST_MISMATCH',
    ],
    ['a tar that ends early', (tar) => packedAs(tar.subarray(0, 1000)), 'ANYARCH_IMAGE_INVALID'],
    [
      'a gzip that ends early',
      (tar) => packedAs(tar, gzipSync(tar).subarray(0, -20)),
      'ANYARCH_IMAGE_INVALID',
    ],
    [
      'a damaged gzip',
      (tar) => packedAs(tar, Buffer.concat([gzipSync(tar).subarray(0, 30), Buffer.alloc(500, 7)])),
      'ANYARCH_IMAGE_INVALID',
    ],
    [
      'a damaged zstd',
      (tar) => packedAs(tar, Buffer.from('28b52ffd20ffffffffff', 'hex')),
      'ANYARCH_IMAGE_INVALID',
    ],
    ['no tar at all', () => packedAs(Buffer.alloc(4096, 'x')), 'ANYARCH_IMAGE_INVALID'],
    [
      'a file shorter than it says',
      (tar) => withLayer(tar, { size: tar.length + 10_000 }),
      'ANYARCH_IMAGE_INVALID',
    ],
  ])('with %s leaves nothing', async (_what, make, code) => {
    const tar = makeTar([
      { path: 'x', content: Buffer.from(Array.from({ length: 5000 }, (_, index) => index * 7)) },
    ]);
    await expect(unpackImage(host, state, make(tar))).rejects.toThrowWithCode(code);
    expect(left()).toEqual([]);
    // The twin.
    await unpackImage(host, state, packedAs(tar, gzipSync(tar)));
    expect(left()).toHaveLength(1);
  });

  it('larger than is allowed is stopped early', async () => {
    const tar = Buffer.concat([headerOf({ path: 'zeros', size: 2 ** 27 }), Buffer.alloc(8 << 20)]);
    const packed = gzipSync(tar);
    const limited = nodeHost({
      system: { environment: { ...process.env, ANYARCH_IMAGE_MAX_BYTES: String(4 << 20) } },
    });
    await expect(unpackImage(limited, state, packedAs(tar, packed))).rejects.toThrowWithCode(
      'ANYARCH_IMAGE_LIMIT',
    );
    expect(left()).toEqual([]);
    // Without that limit: there are no 128 MiB of it.
    await expect(unpackImage(host, state, packedAs(tar, packed))).rejects.toThrowWithCode(
      'ANYARCH_IMAGE_INVALID',
    );
  });
});

describe('unpacking beside others', () => {
  const many = (count: number): OpenedImage =>
    imageOf(
      Array.from({ length: count }, (_, index) => ({
        path: `d${index % 50}/f${index}`,
        content: `${index}`,
      })),
      [{ path: 'd0/.wh..wh..opq' }],
    );

  it('comes to one result, whoever is first', async () => {
    const image = many(2000);
    const results = await Promise.all([1, 2].map(() => storeChild({ state, image, then: 'verify' })));
    expect(
      new Set(results.map(({ outcome, root, verified }) => `${outcome} ${root ?? ''} ${verified ?? ''}`))
        .size,
    ).toBe(1);
    expect(results[0]).toMatchObject({ outcome: 'ok', verified: 'intact' });
    expect(left()).toHaveLength(1);
  });

  it('is finished by the next call, whenever it was killed', async () => {
    const image = many(8000);
    for (const ms of [400, 800, 1200]) {
      const [program, ...words] = storeCommand({ state, image });
      const child = spawn(program, words, { stdio: 'ignore' });
      await sleep(ms + Math.random() * 200);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
      const complete = left().filter((name) => /^[0-9a-f]{64}$/.test(name));
      // What has its name is whole, whatever else is there.
      for (const name of complete) expect(readdirSync(join(state, 'images', name))).toContain('image.json');
    }
    await unpackImage(host, state, image);
    expect(left()).toHaveLength(1);
    expect(await verifyImages(host, state, [])).toMatchObject([{ outcome: 'intact' }]);
  });

  it('says that the disk is full, and leaves nothing there', async () => {
    const image = imageOf([{ path: 'big', content: Buffer.alloc(6 << 20, 'x') }]);
    const inTmpfs = ['unshare', '--user', '--map-root-user', '--mount'];
    const full = await storeChild({ state, image, tmpfsKiB: 4096 }, inTmpfs);
    expect(full).toMatchObject({ outcome: 'ANYARCH_DISK_FULL', left: [] });
    const room = await storeChild({ state, image, tmpfsKiB: 16_384, then: 'verify' }, inTmpfs);
    expect(room).toMatchObject({ outcome: 'ok', verified: 'intact' });
  });
});

async function storeChild(
  options: Parameters<typeof storeCommand>[0],
  before: readonly string[] = [],
): Promise<StoreChildResult> {
  const { stdout, stderr } = await run([...before, ...storeCommand(options)]);
  const last = stdout.trim().split('\n').at(-1);
  if (last?.startsWith('{') !== true) throw new Error(`the child printed no result: ${stderr}`);
  return JSON.parse(last) as StoreChildResult;
}

function packedAs(tar: Buffer, packed = tar): OpenedImage {
  return openedImage([layerFile(place, tar, packed)]);
}

function withLayer(tar: Buffer, change: Partial<OpenedImage['layers'][number]>): OpenedImage {
  return openedImage([{ ...layerFile(place, tar), ...change }]);
}

function rewrite(path: string, content: string): void {
  const { mode } = statSync(path);
  writeFileSync(path, content);
  chmodSync(path, mode);
}
