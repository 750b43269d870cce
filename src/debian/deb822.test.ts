import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStanzas, parseStanza } from './deb822.ts';

describe('parseStanza', () => {
  it('reads fields and continuation lines', () => {
    const stanza = parseStanza('Package: a\nDescription: one\n two\n .\n\tthree\nSHA256:\n x 1 y\n');
    expect([...stanza]).toEqual([
      ['package', 'a'],
      ['description', 'one\ntwo\n.\nthree'],
      ['sha256', '\nx 1 y'],
    ]);
  });

  it('keeps the first of two equal fields', () => {
    expect(parseStanza('Suite: a\nsuite: b\n c\n').get('suite')).toBe('a');
  });
});

describe('findStanzas', () => {
  const text = ['busybox', 'qemu-user', 'qemu-user-static', 'qemu-user', 'zsh']
    .map(
      (name, index) =>
        `Package: ${name}\nVersion: ${index}\nDescription: Package: qemu-user\n  Package: zsh\n`,
    )
    .join('\n');

  it.each([1, 7, 1000])('finds them in pieces of %d bytes', async (size) => {
    const found = await findStanzas(pieces(text, size), ['qemu-user']);
    expect(found.map((stanza) => stanza.get('version'))).toEqual(['1', '3']);
  });

  it('finds the first and the last', async () => {
    const found = await findStanzas(pieces(text.trimEnd(), 10), ['busybox', 'zsh']);
    expect(found.map((stanza) => stanza.get('version')).sort()).toEqual(['0', '4']);
  });

  it('finds none that is not there', async () => {
    expect(await findStanzas(pieces(text, 10), ['qemu', 'user'])).toEqual([]);
    expect(await findStanzas(pieces('', 10), ['qemu'])).toEqual([]);
  });

  it('finds stanzas across the blocks that are searched', async () => {
    const filler = `Package: filler\nDescription: ${'x'.repeat(1000)}\n\n`.repeat(1500);
    const large = `${filler}${text}\n${filler}`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 60_000, max: 2_000_000 }), async (size) => {
        const found = await findStanzas(pieces(large, size), ['qemu-user']);
        expect(found.map((stanza) => stanza.get('version'))).toEqual(['1', '3']);
      }),
      { numRuns: 10 },
    );
  });

  it('stops early when some are enough', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (; read < 100; read += 1)
        yield await Promise.resolve(Buffer.from(`${text}\n${' x\n'.repeat(500_000)}`));
    }
    expect(await findStanzas(endless(), ['qemu-user'], 'some')).not.toEqual([]);
    expect(read).toBeLessThan(5);
  });
});

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let offset = 0; offset < bytes.length; offset += size)
    yield await Promise.resolve(bytes.subarray(offset, offset + size));
}
