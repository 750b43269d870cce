import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskLayout, mebibyte, plainLayout } from './layout.ts';

const contents = fc.integer({ min: 0, max: 2 ** 42 });

describe('diskLayout', () => {
  it('gives the root partition the type of its architecture, and puts the loader before it', () => {
    const { table, loader, root } = diskLayout('aarch64', 100 * mebibyte, true);
    expect(loader).toEqual({ offset: mebibyte, bytes: 64 * mebibyte });
    expect(root.offset).toBe(65 * mebibyte);
    expect(table?.split('\n')).toEqual([
      'label: gpt',
      'start=2048, size=131072, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=ESP',
      'start=133120, size=790528, type=B921B045-1DF0-41C3-AF44-4C6F280D3FAE, name=root',
      '',
    ]);
  });

  it('has one partition without a loader, of no certain type where there is none for the architecture', () => {
    const { table, loader } = diskLayout('unheard-of', 0, false);
    expect(loader).toBeUndefined();
    expect(table).toContain('start=2048, size=524288, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4');
  });

  it('has room for any content, in whole mebibytes that do not overlap, and for the second table', () => {
    fc.assert(
      fc.property(contents, fc.boolean(), (contentBytes, hasLoader) => {
        const { root, loader, bytes } = diskLayout('x86_64', contentBytes, hasLoader);
        for (const one of [root.offset, root.bytes, bytes]) expect(one % mebibyte).toBe(0);
        expect(root.bytes).toBeGreaterThan(contentBytes * 1.2);
        expect(root.offset).toBeGreaterThanOrEqual(
          loader === undefined ? mebibyte : loader.offset + loader.bytes,
        );
        expect(bytes - root.offset - root.bytes).toBeGreaterThanOrEqual(33 * 512);
      }),
    );
  });
});

describe('plainLayout', () => {
  it('is one file system from the first byte to the last', () => {
    fc.assert(
      fc.property(contents, (contentBytes) => {
        const { table, root, bytes } = plainLayout(contentBytes);
        expect({ table, root }).toEqual({ table: undefined, root: { offset: 0, bytes } });
        expect(bytes).toBeGreaterThan(contentBytes);
      }),
    );
  });
});
