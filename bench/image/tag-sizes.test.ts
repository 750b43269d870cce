import { expect, test } from 'vitest';
import type { InspectedLayout } from './inspect-layout.ts';
import { tagSizes } from './tag-sizes.ts';

const layer = (name: string, size: number) => ({ digest: `sha256:${name}`, size, unpackedSize: 3 * size });
const base = layer('base', 200);
const emulator = layer('emulator', 5000);

const layout: InspectedLayout = {
  tags: [
    { name: 'docker.io/library/anyarch:latest', images: ['a', 'b'] },
    { name: 'docker.io/library/anyarch:register', images: ['c'] },
    { name: 'docker.io/library/anyarch:binfmt', images: ['d'] },
  ],
  images: [
    { digest: 'a', platform: 'linux/amd64', layers: [emulator, base] },
    { digest: 'b', platform: 'linux/arm64', layers: [base] },
    { digest: 'c', platform: 'linux/amd64', layers: [base] },
    { digest: 'd', platform: 'linux/amd64', layers: [emulator, base] },
  ],
};

test('tags with the same layers share a row, those of other platforms do not', () => {
  expect(tagSizes([layout])).toEqual([
    {
      name: 'linux/amd64 latest',
      outcome: 'measured',
      compressed: 5200,
      unpacked: 15_600,
      detail: '2 layers; also binfmt',
    },
    { name: 'linux/amd64 register', outcome: 'measured', compressed: 200, unpacked: 600, detail: '1 layer' },
    { name: 'linux/arm64 latest', outcome: 'measured', compressed: 200, unpacked: 600, detail: '1 layer' },
  ]);
});

test('of several layouts, the first that has an image of a name tells its size', () => {
  const other: InspectedLayout = {
    tags: [{ name: 'anyarch:latest', images: ['x', 'y'] }],
    images: [
      { digest: 'x', platform: 'linux/amd64', layers: [layer('other', 1)] },
      { digest: 'y', platform: 'linux/s390x', layers: [layer('other', 1)] },
    ],
  };
  const names = tagSizes([layout, other]).map(({ name }) => name);
  expect(names).toEqual([
    'linux/amd64 latest',
    'linux/amd64 register',
    'linux/arm64 latest',
    'linux/s390x latest',
  ]);
  expect(tagSizes([layout, other])[0]).toMatchObject({ compressed: 5200 });
});
