import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpioArchive, type CpioEntry } from './cpio.ts';

function archive(entries: readonly CpioEntry[]): Buffer {
  return Buffer.concat([...cpioArchive(entries)]);
}

describe('cpioArchive', () => {
  it('has members at multiples of four, each with its name, mode and size', () => {
    const bytes = archive([
      { kind: 'directory', path: 'usr' },
      { kind: 'file', path: 'usr/a', content: Buffer.from('hello'), isExecutable: true },
      { kind: 'link', path: 'bin', target: 'usr' },
    ]);
    expect(members(bytes)).toEqual([
      { path: 'usr', mode: 0o040755, content: '' },
      { path: 'usr/a', mode: 0o100755, content: 'hello' },
      { path: 'bin', mode: 0o120777, content: 'usr' },
    ]);
  });

  it('keeps any content', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (contents) => {
        const entries = contents.map((content, index): CpioEntry => ({
          kind: 'file',
          path: `f${'x'.repeat(index)}`,
          content,
          isExecutable: false,
        }));
        expect(members(archive(entries)).map(({ content }) => content)).toEqual(
          contents.map((content) => Buffer.from(content).toString('latin1')),
        );
      }),
    );
  });

  it.skipIf(spawnSync('cpio', ['--version']).error !== undefined)('is read by cpio(1)', () => {
    const input = archive([{ kind: 'file', path: 'a', content: Buffer.from('x'), isExecutable: false }]);
    expect(execFileSync('cpio', ['-it', '--quiet'], { input, encoding: 'utf8' })).toBe('a\n');
  });
});

/** As the kernel's init/initramfs.c goes through it. */
function members(bytes: Buffer): { path: string; mode: number; content: string }[] {
  const found = [];
  for (let at = 0; ;) {
    const number = (index: number) =>
      parseInt(bytes.toString('latin1', at + 6 + 8 * index, at + 14 + 8 * index), 16);
    expect(bytes.toString('latin1', at, at + 6)).toBe('070701');
    const [mode, size, nameLength] = [number(1), number(6), number(11)];
    const path = bytes.toString('latin1', at + 110, at + 110 + nameLength - 1);
    if (path === 'TRAILER!!!') return found;
    const start = aligned(at + 110 + nameLength);
    found.push({ path, mode, content: bytes.toString('latin1', start, start + size) });
    at = aligned(start + size);
  }
}

function aligned(position: number): number {
  return Math.ceil(position / 4) * 4;
}
