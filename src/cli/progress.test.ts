import { expect, it } from 'vitest';
import { formatProgress } from './progress.ts';

it('shows share, sizes and subject', () => {
  const progress = {
    phase: 'download',
    subject: 'qemu-user.deb',
    received: 35_000_000,
    total: 70_000_000,
  } as const;
  expect(formatProgress(progress, 100)).toBe(
    'download [############............] 50 % 35.0 of 70.0 MB  qemu-user.deb',
  );
});

it('does without a total, and stays on one line', () => {
  const progress = {
    phase: 'unpack',
    subject: 'x'.repeat(200),
    received: 1_000_000,
    total: undefined,
  } as const;
  expect(formatProgress(progress, 80)).toHaveLength(79);
  expect(formatProgress(progress, 80)).toMatch(/^unpack {3}1\.0 MB {2}x+$/);
});
