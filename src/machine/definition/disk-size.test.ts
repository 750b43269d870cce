import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDiskSize, fittingDisk, sizeText } from './disk-size.ts';

const board = { name: 'raspi3b', bus: 'board' } as const;
const usual = { name: 'arm64', bus: 'pci' } as const;
const sizes = fc.integer({ min: 1, max: 2 ** 20 }).map((mebibytes) => mebibytes * 2 ** 20);

describe('the disk of a board', () => {
  it('is the next power of two', () => {
    fc.assert(
      fc.property(sizes, (bytes) => {
        const card = fittingDisk(board, bytes);
        expect(card).toBeGreaterThanOrEqual(bytes);
        expect(card / 2).toBeLessThan(bytes);
        expect(Number.isInteger(Math.log2(card))).toBe(true);
        expect(() => {
          checkDiskSize(board, card);
        }).not.toThrow();
      }),
    );
  });

  it('is refused in other sizes, with those that can be had', () => {
    const check = (): void => {
      checkDiskSize(board, 10 * 2 ** 30);
    };
    expect(check).toThrowWithCode('ANYARCH_USAGE');
    expect(check).toThrow(expect.objectContaining({ hint: 'take 8G or 16G' }));
  });
});

it('of other machines is as it was asked for', () => {
  fc.assert(
    fc.property(sizes, (bytes) => {
      expect(fittingDisk(usual, bytes)).toBe(bytes);
      checkDiskSize(usual, bytes);
    }),
  );
});

it('is said as options take it', () => {
  expect([2 ** 34, 1536 * 2 ** 20].map(sizeText)).toEqual(['16G', '1536M']);
});
