import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { unpackImage, verifyImages } from '../../src/image-store/index.ts';
import type { OpenedImage } from '../../src/image-store/index.ts';
import { run } from '../support/command.ts';
import { storeCommand } from '../support/image-store-child.ts';
import type { StoreChildResult } from '../support/image-store-child.ts';
import { useTestStore } from '../support/image-store.ts';

const host = nodeHost();
const store = useTestStore();

describe('unpacking beside others', () => {
  const many = (count: number): OpenedImage =>
    store.imageOf(
      Array.from({ length: count }, (_, index) => ({
        path: `d${index % 50}/f${index}`,
        content: `${index}`,
      })),
      [{ path: 'd0/.wh..wh..opq' }],
    );

  it('comes to one result, whoever is first', async () => {
    const image = many(2000);
    const results = await Promise.all(
      [1, 2].map(() => storeChild({ state: store.state, image, then: 'verify' })),
    );
    expect(
      new Set(results.map(({ outcome, root, verified }) => `${outcome} ${root ?? ''} ${verified ?? ''}`))
        .size,
    ).toBe(1);
    expect(results[0]).toMatchObject({ outcome: 'ok', verified: 'intact' });
    expect(store.left()).toHaveLength(1);
  });

  it('is finished by the next call, whenever it was killed', async () => {
    const image = many(8000);
    for (const ms of [400, 800, 1200]) {
      const [program, ...words] = storeCommand({ state: store.state, image });
      const child = spawn(program, words, { stdio: 'ignore' });
      // It may be ready before.
      const ended = new Promise((resolve) => child.once('close', resolve));
      await sleep(ms + Math.random() * 200);
      child.kill('SIGKILL');
      await ended;
      const complete = store.left().filter((name) => /^[0-9a-f]{64}$/.test(name));
      // What has its name is whole, whatever else is there.
      for (const name of complete)
        expect(readdirSync(join(store.state, 'images', name))).toContain('image.json');
    }
    await unpackImage(host, store.state, image);
    expect(store.left()).toHaveLength(1);
    expect(await verifyImages(host, store.state, [])).toMatchObject([{ outcome: 'intact' }]);
  });

  it('says that the disk is full, and leaves nothing there', async () => {
    const image = store.imageOf([{ path: 'big', content: Buffer.alloc(6 << 20, 'x') }]);
    const inTmpfs = ['unshare', '--user', '--map-root-user', '--mount'];
    const full = await storeChild({ state: store.state, image, tmpfsKiB: 4096 }, inTmpfs);
    expect(full).toMatchObject({ outcome: 'ANYARCH_DISK_FULL', left: [] });
    const room = await storeChild({ state: store.state, image, tmpfsKiB: 16_384, then: 'verify' }, inTmpfs);
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
