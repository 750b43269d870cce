import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from './hex.ts';
import { decodeUtf8, encodeUtf8, quote } from './text.ts';

describe('UTF-8', () => {
  it('encodes every string as TextEncoder does, lone surrogates included', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        (text) => {
          expect(encodeUtf8(text)).toEqual(new Uint8Array(encoder.encode(text)));
        },
      ),
    );
  });

  it('decodes all bytes as TextDecoder does', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const awkward = fc.constantFrom(
      0x00,
      0x41,
      0x80,
      0xbf,
      0xc0,
      0xc2,
      0xe0,
      0xa0,
      0xed,
      0xef,
      0xf0,
      0x90,
      0xf4,
      0x8f,
      0xf5,
      0xff,
    );
    const bytes = fc.array(fc.oneof(awkward, fc.integer({ min: 0, max: 255 })), { maxLength: 30 });
    fc.assert(
      fc.property(bytes, (values) => {
        const input = Uint8Array.from(values);
        expect(decodeUtf8(input)).toBe(decoder.decode(input));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('quote', () => {
  it('escapes what a terminal would act upon', () => {
    expect(quote('a\u001b[31m\nb\u009b\u202e')).toBe('"a\\x1b[31m\\x0ab\\x9b\\u202e"');
  });
  it('cuts long texts', () => {
    expect(quote('x'.repeat(1000), 3)).toBe('"xxx…"');
    expect(quote('xxx', 3)).toBe('"xxx"');
  });
});

describe('hexadecimal', () => {
  it('survives both ways', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(fromHex(toHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });
  it.each(['0', 'zz', '0x', ' 1', '1g'])('refuses %j', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});
