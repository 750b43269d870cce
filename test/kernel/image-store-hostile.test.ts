import { appendFileSync, chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/error-code.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { unpackImage } from '../../src/image-store/index.ts';
import type { OpenedImage } from '../../src/image-store/index.ts';
import { layerFile, openedImage } from '../../src/image-store/testing/opened-images.ts';
import { headerOf, makeTar } from '../../src/image-store/testing/tar-maker.ts';
import type { Member } from '../../src/image-store/testing/tar-maker.ts';
import { plantCanary } from '../support/canary.ts';
import { useTestStore } from '../support/image-store.ts';

const host = nodeHost();
const store = useTestStore();

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
    const canary = plantCanary(join(store.place, 'canary'));
    const before = canary.look();
    const image = store.imageOf(...layers(canary.path));
    const outcome = await unpackImage(host, store.state, image).then(
      () => undefined,
      (error: unknown) => (error as { code?: string }).code,
    );
    expect(outcome).toBe(code);
    expect(canary.look()).toBe(before);
    expect(store.left()).toHaveLength(code === undefined ? 1 : 0);
  });

  it('cannot write outside even where the extractor lets it', async () => {
    // What the worker is in: the host's files are read-only there, but for the directory that is being built.
    const canary = plantCanary(join(store.place, 'canary'));
    const { runGuest } = await import('../../src/run/index.ts');
    const building = join(store.place, 'building');
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
      scratch: join(store.place, 'mount'),
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
    const canary = plantCanary(join(store.place, 'canary'));
    const { path } = canary;
    const writes: (() => void)[] = [
      () => {
        appendFileSync(join(path, 'file'), 'x');
      },
      () => {
        chmodSync(join(path, 'inside'), 0o711);
      },
      () => {
        linkSync(join(path, 'file'), join(store.place, 'another'));
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
    await expect(unpackImage(host, store.state, make(tar))).rejects.toThrowWithCode(code);
    expect(store.left()).toEqual([]);
    // The twin.
    await unpackImage(host, store.state, packedAs(tar, gzipSync(tar)));
    expect(store.left()).toHaveLength(1);
  });

  it('larger than is allowed is stopped early', async () => {
    const tar = Buffer.concat([headerOf({ path: 'zeros', size: 2 ** 27 }), Buffer.alloc(8 << 20)]);
    const packed = gzipSync(tar);
    const limited = nodeHost({
      system: { environment: { ...process.env, ANYARCH_IMAGE_MAX_BYTES: String(4 << 20) } },
    });
    await expect(unpackImage(limited, store.state, packedAs(tar, packed))).rejects.toThrowWithCode(
      'ANYARCH_IMAGE_LIMIT',
    );
    expect(store.left()).toEqual([]);
    // Without that limit: there are no 128 MiB of it.
    await expect(unpackImage(host, store.state, packedAs(tar, packed))).rejects.toThrowWithCode(
      'ANYARCH_IMAGE_INVALID',
    );
  });
});

function packedAs(tar: Buffer, packed = tar): OpenedImage {
  return openedImage([layerFile(store.place, tar, packed)]);
}

function withLayer(tar: Buffer, change: Partial<OpenedImage['layers'][number]>): OpenedImage {
  return openedImage([{ ...layerFile(store.place, tar), ...change }]);
}
