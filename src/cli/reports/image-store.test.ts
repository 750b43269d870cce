import { expect, it } from 'vitest';
import type { ListedImage } from '../../image-store/index.ts';
import { plain } from '../style.ts';
import { formatImages } from './image-store.ts';

it('shows each image by all names that commands take, the newest first', () => {
  const image: ListedImage = {
    references: [
      `containers-storage:localhost/bb:arm64@sha256:${'1'.repeat(64)}`,
      'docker-archive:/saved.tar',
      `containers-storage:localhost/bb:arm64@sha256:${'2'.repeat(64)}`,
    ],
    image: `sha256:${'2'.repeat(64)}`,
    digest: `sha256:${'3'.repeat(64)}`,
    platform: 'linux/arm64',
    ids: 'single',
    size: 2_000_000,
    entries: 3,
    unpackedAt: '2026-01-01T10:00:00.000Z',
    lastUsedAt: '2026-01-02T11:12:13.000Z',
    path: '/state',
  };
  expect(formatImages([image], plain)).toMatchInlineSnapshot(`
    "IMAGE                                  PLATFORM     DIGEST        MB   LAST USED
    containers-storage:localhost/bb:arm64  linux/arm64  222222222222  2.0  2026-01-02 11:12
    docker-archive:/saved.tar
    "
  `);
});
