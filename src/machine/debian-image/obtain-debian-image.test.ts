import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { findDefinition } from '../definition/table.ts';
import { obtainDebianImage } from './obtain-debian-image.ts';

describe("Debian's image", () => {
  it('is not made for a board that has no place for the seed', async () => {
    await expect(obtainDebianImage(fakeHost(), findDefinition('raspi3b'))).rejects.toMatchObject({
      code: 'ANYARCH_HOST_UNSUPPORTED',
      hint: expect.stringContaining('-a arm64') as string,
    });
  });
});
