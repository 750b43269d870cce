/**
 * A process that unpacks an image, to be interrupted, to be another user or to be in namespaces:
 * `node --import … image-store-child.ts OPTIONS`. OPTIONS is JSON. It prints the result, or the error's code, as JSON.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AnyarchError } from '../../src/core/error.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { removeImages, unpackImage, verifyImages, type OpenedImage } from '../../src/image-store/index.ts';

export interface StoreChildOptions {
  readonly state: string;
  readonly image: OpenedImage;
  /** After unpacking. */
  readonly then?: 'verify' | 'remove';
  /** Until nothing more can be written, before that. */
  readonly fill?: boolean;
  /** Mounts a tmpfs of so many KiB at `state` first; needs a mount namespace of its own. */
  readonly tmpfsKiB?: number;
}

export interface StoreChildResult {
  /** `ok`, or an error's code. */
  readonly outcome: string;
  readonly message?: string;
  readonly root?: string;
  readonly ids?: string;
  readonly deviceNodes?: number;
  readonly verified?: string;
  readonly removed?: string;
  /** Names in the store's directory afterwards. */
  readonly left: readonly string[];
}

const typescript = fileURLToPath(new URL('./mirror-typescript.mjs', import.meta.url));

export function storeCommand(options: StoreChildOptions): [string, ...string[]] {
  return [process.execPath, '--import', typescript, fileURLToPath(import.meta.url), JSON.stringify(options)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = JSON.parse(process.argv[2] ?? '') as StoreChildOptions;
  process.stdout.write(`${JSON.stringify(await carryOut(options))}\n`);
}

async function carryOut({
  state,
  image,
  then,
  fill = false,
  tmpfsKiB,
}: StoreChildOptions): Promise<StoreChildResult> {
  mkdirSync(state, { recursive: true });
  if (tmpfsKiB !== undefined) {
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${tmpfsKiB}k`, 'none', state]);
    if (mount.status !== 0) throw new Error(`mount: ${mount.stderr.toString()}`);
  }
  const host = nodeHost();
  const left = (): string[] => (existsSync(`${state}/images`) ? readdirSync(`${state}/images`) : []);
  try {
    const { root, ids, deviceNodes } = await unpackImage(host, state, image);
    if (fill) fillUp(state);
    const verified = then === 'verify' ? (await verifyImages(host, state, []))[0]?.outcome : undefined;
    const removed =
      then === 'remove' ? (await removeImages(host, state, [image.reference]))[0]?.outcome : undefined;
    return {
      outcome: 'ok',
      root,
      ids,
      deviceNodes,
      ...(verified === undefined ? {} : { verified }),
      ...(removed === undefined ? {} : { removed }),
      left: left(),
    };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return { outcome: error.code, message: error.message, left: left() };
  }
}

function fillUp(directory: string): void {
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) appendFileSync(`${directory}/full`, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
