import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { diskFormat } from './disk-format.ts';

function filesOf(content: Uint8Array) {
  return {
    status: (path: string) =>
      path === '/disk' ? ({ kind: 'file', size: content.length } as never) : undefined,
    readAt: (_: string, offset: number, length: number) => content.subarray(offset, offset + length),
  };
}

function disk(bytes: number, parts: readonly (readonly [at: number, part: string | Uint8Array])[]): Buffer {
  const content = Buffer.alloc(bytes);
  for (const [at, part] of parts) Buffer.from(part).copy(content, at);
  return content;
}

function gpt(bytes: number, lastUsable: number): Buffer {
  const content = disk(bytes, [[512, 'EFI PART']]);
  content.writeBigUInt64LE(BigInt(lastUsable), 512 + 48);
  return content;
}

function codeOr(action: () => string): string {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return error.code;
    throw error;
  }
}

describe('diskFormat', () => {
  it.each([
    ['ext4', 0x438, Buffer.from('53ef', 'hex')],
    ['xfs', 0, 'XFSB'],
    ['btrfs', 0x1_0040, '_BHRfS_M'],
    ['f2fs', 0x400, Buffer.from('1020f5f2', 'hex')],
    ['LVM', 512, 'LABELONE'],
    ['LUKS', 0, Buffer.from('4c554b53babe', 'hex')],
  ])('takes a disk that is all %s for raw', (_name, at, bytes) => {
    expect(diskFormat(filesOf(disk(0x2_0000, [[at, bytes]])), '/disk')).toBe('raw');
    // The negative twin: the same bytes elsewhere are nothing.
    const refused = () => diskFormat(filesOf(disk(0x2_0000, [[at + 8, bytes]])), '/disk');
    expect(refused).toThrowWithCode('ANYARCH_DISK_INVALID');
  });

  it('takes a disk with a partition table, and refuses one that ends before it should', () => {
    expect(diskFormat(filesOf(gpt(2048, 3)), '/disk')).toBe('raw');
    expect(() => diskFormat(filesOf(gpt(2048, 4)), '/disk')).toThrowWithCode('ANYARCH_DISK_INVALID');
  });

  it('names what is no disk', () => {
    expect(() => diskFormat(filesOf(Buffer.alloc(0)), '/disk')).toThrow(/is empty/);
    expect(() => diskFormat(filesOf(disk(4096, [[0, Buffer.from('1f8b', 'hex')]])), '/disk')).toThrow(
      /compressed \(gz\)/,
    );
    expect(() => diskFormat(filesOf(disk(4096, [[0, 'KDMV']])), '/disk')).toThrow(/VMware/);
    expect(() => diskFormat(filesOf(disk(4096, [])), '/other')).toThrowWithCode('ANYARCH_FILE');
  });

  it('refuses any rubbish with a code', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 'QFI\u00fb', 'EFI PART'),
        fc.uint8Array({ maxLength: 700 }),
        (start, rest) => {
          const content = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
          const found = codeOr(() => diskFormat(filesOf(content), '/disk'));
          expect(['qcow2', 'raw', 'ANYARCH_DISK_INVALID']).toContain(found);
        },
      ),
    );
  });
});
