import { expect, test } from 'vitest';
import type { UninstallReport } from '../../uninstall/index.ts';
import { plain } from '../style.ts';
import { uninstallOutcome } from './uninstall.ts';

const cache = '/root/.cache/anyarch';

const report: UninstallReport = {
  outcome: 'partial',
  dryRun: true,
  removed: [
    { kind: 'entry', subject: 'qemu-s390x' },
    { kind: 'configuration', subject: '/etc/binfmt.d/anyarch-s390x.conf' },
    ...Array.from({ length: 3300 }, (_, index) => ({
      kind: 'file' as const,
      subject: `${cache}/layers/blobs/${index}`,
      bytes: 100_000,
      place: cache,
    })),
    { kind: 'directory', subject: cache, place: cache },
    { kind: 'tree', subject: '/tmp/anyarch-probe-1-2-3', bytes: 10 },
    { kind: 'file', subject: '/tmp/anyarch-0/launcher/1', bytes: 10, place: '/tmp/anyarch-0' },
  ],
  left: [
    { subject: `${cache}/letter`, reason: 'anyarch did not make it', place: cache },
    ...Array.from({ length: 11 }, (_, index) => ({
      subject: `/root/${index}`,
      reason: 'anyarch did not make it',
      place: '/root',
    })),
  ],
  users: [{ pid: 7, uses: '/usr/local/lib/anyarch/bin/anyarch' }],
};

const text = (verbose: boolean): string => uninstallOutcome(report, { style: plain, verbose }).text ?? '';

test('counts what is in directories of its own, and names everything else', () => {
  expect(text(false)).toMatchInlineSnapshot(`
    "would remove  entry          qemu-s390x
    would remove  configuration  /etc/binfmt.d/anyarch-s390x.conf
    would remove                 /root/.cache/anyarch              3,300 files, 330.0 MB
    would remove  tree           /tmp/anyarch-probe-1-2-3/
    would remove  file           /tmp/anyarch-0/launcher/1
    left                         /root/.cache/anyarch/letter       anyarch did not make it
    left                         /root                             11 files: anyarch did not make it
    in use        process        7                                 /usr/local/lib/anyarch/bin/anyarch; end it first, or --force
    "
  `);
});

test('--verbose names every file, as the document does', () => {
  const lines = text(true).split('\n');
  expect(lines.filter((line) => line.includes('/layers/blobs/'))).toHaveLength(3300);
  expect(lines.filter((line) => line.startsWith('left'))).toHaveLength(12);
  const { document } = uninstallOutcome(report, { style: plain, verbose: false });
  expect(document).toMatchObject({ removed: report.removed, left: report.left });
});
