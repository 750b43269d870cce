import { AnyarchError } from '../../core/error.ts';

/** What an image may have; far above what images have, far below what fills a disk by a few kilobytes. */
export interface Limits {
  /** Members of all layers. */
  readonly entries: number;
  /** Of all layers' tars. */
  readonly bytes: number;
  /** Bytes of all layers' tars for each of their compressed bytes, once there are more than `ratioFrom`. */
  readonly ratio: number;
}

/** Bytes that all layers' tars may have together, whatever the ratio is. */
const ratioFrom = 1 << 30;

const defaults: Limits = { entries: 5_000_000, bytes: 200e9, ratio: 200 };

const variables = {
  entries: 'ANYARCH_IMAGE_MAX_ENTRIES',
  bytes: 'ANYARCH_IMAGE_MAX_BYTES',
  ratio: 'ANYARCH_IMAGE_MAX_RATIO',
} as const;

/** @throws AnyarchError ANYARCH_USAGE for a variable that is no number */
export function limitsFrom(environment: Readonly<Record<string, string | undefined>>): Limits {
  const read = (what: keyof Limits): number => {
    const text = environment[variables[what]] ?? '';
    if (text === '') return defaults[what];
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new AnyarchError('ANYARCH_USAGE', `${variables[what]}=${text} is no number`, {
      hint: `the default is ${defaults[what]}`,
    });
  };
  return { entries: read('entries'), bytes: read('bytes'), ratio: read('ratio') };
}

/** Counts over all layers; each of its functions throws ANYARCH_IMAGE_LIMIT. */
export interface Meter {
  entry(): void;
  /** @param packed bytes of the layer that are read so far @param unpacked bytes that they were unpacked to */
  bytes(packed: number, unpacked: number): void;
  /** What `bytes` was last told counts from now on; the next layer comes. */
  layerDone(): void;
}

export function createMeter(limits: Limits): Meter {
  let entries = 0;
  const before = { packed: 0, unpacked: 0 };
  const now = { packed: 0, unpacked: 0 };
  return {
    entry: () => {
      entries += 1;
      if (entries > limits.entries) throw tooMuch(`more than ${limits.entries} entries`, 'entries');
    },
    bytes: (packed, unpacked) => {
      now.packed = before.packed + packed;
      now.unpacked = before.unpacked + unpacked;
      if (now.unpacked > limits.bytes) throw tooMuch(`more than ${limits.bytes} bytes`, 'bytes');
      // Over all of them: many small layers fill a disk as well as a large one.
      if (now.unpacked > ratioFrom && now.unpacked > now.packed * limits.ratio)
        throw tooMuch(
          `more than ${limits.ratio} times its size when it is unpacked, as what is made to fill disks`,
          'ratio',
        );
    },
    layerDone: () => {
      Object.assign(before, now);
    },
  };
}

function tooMuch(what: string, limit: keyof Limits): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_LIMIT', `the image has ${what}`, {
    hint: `if you trust it, allow more: ${variables[limit]}=NUMBER`,
    details: { limit },
  });
}
