import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { layeredQcow2 } from '../snapshot/testing/layered-qcow2.ts';
import { backingFormat } from './backing-format.ts';

function formatOf(content: Buffer): string | undefined {
  const { files } = fakeHost();
  files.addFile('/layer.qcow2', content);
  return backingFormat(files, '/layer.qcow2');
}

function changed(change: (file: Buffer) => void): Buffer {
  const file = layeredQcow2('/base', 'raw');
  change(file);
  return file;
}

describe('the format of what a layer lies over', () => {
  it.each(['qcow2', 'raw'])('is the one that it names: %s', (format) => {
    expect(formatOf(layeredQcow2('/base', format))).toBe(format);
  });

  it.each([
    ['names one that machines do not lie over', layeredQcow2('/base', 'vmdk')],
    ['is no qcow2 file', Buffer.alloc(200)],
    ['ends within its header', layeredQcow2('/base', 'raw').subarray(0, 60)],
    ['ends within its extension', layeredQcow2('/base', 'raw').subarray(0, 110)],
    ['has none', changed((file) => file.writeUInt32BE(0, 104))],
    ['has another extension without end', changed((file) => file.writeBigUInt64BE(0x1_ff_ff_ff_f0n, 104))],
  ])('is not guessed where it %s', (_, content) => {
    expect(formatOf(content)).toBeUndefined();
  });
});
