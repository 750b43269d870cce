import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { emptyQcow2, qcow2Header } from '../snapshot/testing/kept-machine.ts';
import { isUnwritten } from './is-unwritten.ts';

function judged(content: Buffer): boolean {
  const { files } = fakeHost();
  files.addFile('/layer.qcow2', content);
  return isUnwritten(files, '/layer.qcow2');
}

function changed(change: (file: Buffer) => void): Buffer {
  const file = emptyQcow2('/base.qcow2', 1024);
  change(file);
  return file;
}

describe('a qcow2 file', () => {
  it('has nothing of its own as long as its table is empty', () => {
    expect(judged(emptyQcow2('/base.qcow2', 1024))).toBe(true);
    expect(judged(changed((file) => file.writeBigUInt64BE(65_536n, 4104)))).toBe(false);
  });

  it.each([
    ['is none', Buffer.alloc(4112)],
    ['has no table', qcow2Header('/base.qcow2', 1024)],
    ['ends within its table', emptyQcow2('/base.qcow2', 1024).subarray(0, 4108)],
    ['was not closed', changed((file) => file.writeBigUInt64BE(1n, 72))],
    ['has snapshots of its own', changed((file) => file.writeUInt32BE(1, 60))],
    ['has its table nowhere', changed((file) => file.writeBigUInt64BE(2n ** 60n, 40))],
    ['has a table without end', changed((file) => file.writeUInt32BE(0xff_ff_ff_ff, 36))],
  ])('counts as written where it %s', (_, content) => {
    expect(judged(content)).toBe(false);
  });
});
