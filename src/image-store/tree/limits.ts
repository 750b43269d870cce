import { AnyarchError } from '../../core/error.ts';

/** What an image may have; far above what images have, far below what fills a disk by a few kilobytes. */
export interface Limits {
  /** Members of all layers. */
  readonly entries: number;
  /** Of all layers' tars. */
  readonly bytes: number;
  /** Bytes of a layer's tar for each of its compressed bytes, once it is larger than `ratioFrom`. */
  readonly ratio: number;
}

/** Bytes that a layer's tar may have whatever its ratio is. */
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
  layerDone(unpacked: number): void;
}

export function createMeter(limits: Limits): Meter {
  let entries = 0;
  let before = 0;
  return {
    entry: () => {
      entries += 1;
      if (entries > limits.entries) throw tooMuch(`more than ${limits.entries} entries`, 'entries');
    },
    bytes: (packed, unpacked) => {
      if (before + unpacked > limits.bytes) throw tooMuch(`more than ${limits.bytes} bytes`, 'bytes');
      if (unpacked > ratioFrom && unpacked > packed * limits.ratio)
        throw tooMuch(
          `a layer that unpacks to more than ${limits.ratio} times its size, as what is made to fill disks`,
          'ratio',
        );
    },
    layerDone: (unpacked) => {
      before += unpacked;
    },
  };
}

function tooMuch(what: string, limit: keyof Limits): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_LIMIT', `the image has ${what}`, {
    hint: `if you trust it, allow more: ${variables[limit]}=NUMBER`,
    details: { limit },
  });
}
