import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { bytesSource } from '../../core/byte-source.ts';
import { nodeHost } from '../../host/node/node-host.ts';
import { readPartitions } from './contents/partitions.ts';
import { checkSuits, inspectDisk } from './inspect-disk.ts';
import { readHeader } from './qcow2/header.ts';
import { openQcow2 } from './qcow2/open.ts';
import { gptDisk, mbrDisk, qcow2Of } from './testing/disks.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-disk-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function inspect(content: Uint8Array): ReturnType<typeof inspectDisk> {
  const path = join(directory, 'disk');
  writeFileSync(path, content);
  return inspectDisk(nodeHost().files, path, 'the-image');
}

const arm64 = gptDisk({ loader: { name: 'BOOTAA64.EFI', machine: 0xaa64 } });
const sign = { architecture: 'aarch64', sign: 'the loader EFI/BOOT/BOOTAA64.EFI' };

describe('inspectDisk', () => {
  it('finds the loader on a raw disk and on a compressed one', () => {
    expect(inspect(arm64)).toEqual({ format: 'raw', bytes: 1 << 20, signs: [sign] });
    expect(inspect(qcow2Of(arm64))).toEqual({ format: 'qcow2', bytes: 1 << 20, signs: [sign] });
  });

  it('looks at the program, not at its name', () => {
    const disk = gptDisk({ loader: { name: 'BOOTAA64.EFI', machine: 0x8664 } });
    expect(inspect(disk).signs[0]?.architecture).toBe('x86_64');
  });

  it('takes types of partitions where there is no loader', () => {
    const disk = gptDisk({ type: '72EC70A6-CF74-40E6-BD49-4BDA08E8F224' });
    expect(inspect(disk).signs).toMatchObject([{ architecture: 'riscv64' }]);
  });

  it('says nothing where nothing tells', () => {
    expect(inspect(mbrDisk(0x83)).signs).toEqual([]);
    expect(readPartitions(bytesSource(mbrDisk(0x83)))).toEqual([
      { type: '83', start: 32768, bytes: 512_000 },
    ]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(4096)],
    ['a web page', Buffer.from('<!DOCTYPE html>')],
    ['a disk of VMware', Buffer.from('KDMV')],
    ['a raw disk that is cut off', arm64.subarray(0, 70_001)],
    ['a qcow2 that is cut off', qcow2Of(arm64).subarray(0, (1 << 16) * 3)],
    ['a qcow2 that ends in its header', qcow2Of(arm64).subarray(0, 80)],
    ['a qcow2 that ends in its tables', qcow2Of(arm64).subarray(0, 1 << 16)],
    ['another version of qcow2', changed(4, 0, 0, 0, 9)],
    ['an overlay over a file of the host', changed(8, 0, 0, 0, 0, 0, 0, 1, 0)],
    ['an encrypted one', changed(32, 0, 0, 0, 1)],
    ['one that was not closed', changed(79, 1)],
    ['one that is marked as corrupt', changed(79, 2)],
    ['one whose data are in another file', changed(79, 4)],
    ['one with unknown features', changed(79, 0x40)],
    ['one with clusters of 4 GiB', changed(20, 0, 0, 0, 32)],
    ['one that claims to have 16 EiB', changed(24, 0xff, 0xff, 0xff, 0xff)],
    ['one whose table is too short', changed(24, 0, 0, 1, 0)],
  ])('refuses %s', (_, content) => {
    expect(() => inspect(content)).toThrowWithCode('ANYARCH_DISK_INVALID');
  });

  it('reads what was written, or refuses it with a code, whatever is broken', () => {
    const image = qcow2Of(arm64);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(130), fc.nat(255)), { maxLength: 6 }),
        fc.nat(3),
        (changes, where) => {
          const broken = Buffer.from(image);
          for (const [at, byte] of changes) broken[(where === 0 ? 0 : where << 16) + at] = byte;
          expect(outcome(() => inspect(broken))).not.toBeInstanceOf(TypeError);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('openQcow2', () => {
  it('gives the bytes that went in, at any place', () => {
    const content = Buffer.from(Array.from({ length: 1 << 18 }, (_, index) => (index * 7919) >> 5));
    const file = bytesSource(qcow2Of(content));
    const disk = openQcow2(file, readHeader(file, 'disk'), 'disk');
    fc.assert(
      fc.property(fc.nat(content.length), fc.nat(200_000), (offset, length) => {
        const expected = content.subarray(offset, offset + length);
        expect(Buffer.compare(disk.read(offset, length), expected)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('checkSuits', () => {
  const definition = { name: 'arm64', architecture: 'aarch64', boots: ['firmware'] } as const;
  it('takes the right architecture, and what tells nothing', () => {
    expect(() => {
      checkSuits({ signs: [sign] }, definition, 'i');
      checkSuits({ signs: [] }, definition, 'i');
      checkSuits({ signs: [{ architecture: 'i386', sign: 's' }, sign] }, definition, 'i');
    }).not.toThrow();
  });

  it('refuses another architecture, and machines without firmware', () => {
    expect(() => {
      checkSuits({ signs: [sign] }, { ...definition, architecture: 'x86_64' }, 'i');
    }).toThrowWithCode('ANYARCH_DISK_ARCHITECTURE');
    expect(() => {
      checkSuits({ signs: [] }, { ...definition, boots: ['kernel'] }, 'i');
    }).toThrowWithCode('ANYARCH_DISK_INVALID');
  });
});

function changed(at: number, ...bytes: number[]): Buffer {
  const image = qcow2Of(arm64);
  Buffer.from(bytes).copy(image, at);
  return image;
}

/** What is neither a result nor a coded error, is a TypeError. */
function outcome(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error instanceof AnyarchError ? error : new TypeError('no coded error', { cause: error });
  }
}
