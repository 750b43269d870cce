import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReport } from './report.ts';

describe('readReport', () => {
  it('reads what the helper has found', () => {
    const lines = [
      'device\t/dev/vda1\tvfat',
      'device\t/dev/vda2\tbtrfs',
      'candidate\t/dev/vda2\tbtrfs\t@',
      'root\t/dev/vda2\tbtrfs\t@',
      'mounted\t/dev/vda1\tvfat\t/boot/efi',
      'missing\tUUID=1\text4\t/data',
      'said\ttar: ./x: no such file',
      'done\t0',
    ];
    expect(readReport(`${lines.join('\n')}\n`)).toEqual({
      devices: [
        { device: '/dev/vda1', type: 'vfat' },
        { device: '/dev/vda2', type: 'btrfs' },
      ],
      candidates: [{ device: '/dev/vda2', type: 'btrfs', subvolume: '@' }],
      root: { device: '/dev/vda2', type: 'btrfs', subvolume: '@' },
      mounted: [{ what: '/dev/vda1', type: 'vfat', where: '/boot/efi' }],
      missing: [{ what: 'UUID=1', type: 'ext4', where: '/data' }],
      said: ['tar: ./x: no such file'],
      code: 0,
    });
  });

  it('has no code where the helper did not come to an end', () => {
    expect(readReport('root\t/dev/vda\text4\t-\n')).toMatchObject({
      root: { device: '/dev/vda', type: 'ext4' },
      code: undefined,
    });
    expect(readReport('done\tmaybe\n').code).toBeUndefined();
    expect(readReport('').code).toBeUndefined();
  });

  it('makes names of hostile disks printable', () => {
    const { missing } = readReport('missing\t\u001b[31mred\text4\t/\u0007\n');
    expect(JSON.stringify(missing)).not.toMatch(/\\u00(1b|07)/);
    expect(missing).toHaveLength(1);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { code } = readReport(text);
        expect(code === undefined || (code >= 0 && code <= 999)).toBe(true);
      }),
    );
  });
});
