import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackReasons, longestLine, parseLogLine } from './log-line.ts';

const line = (text: string) => parseLogLine(new TextEncoder().encode(text));

describe('a line of the log', () => {
  it('tells which native program ran in the place of which', () => {
    expect(
      line('anyarch1\tS\t1763769600123456789\t/dev/.anyarch/abc234/bin/cc1\t/usr/libexec/gcc/cc1'),
    ).toEqual({
      kind: 'substituted',
      program: '/dev/.anyarch/abc234/bin/cc1',
      guest: '/usr/libexec/gcc/cc1',
    });
  });

  it('tells why a program was emulated', () => {
    expect(line('anyarch1\tE\t1\tvariable\tGCC_EXEC_PREFIX\t/usr/bin/gcc')).toEqual({
      kind: 'emulated',
      reason: 'variable',
      detail: 'GCC_EXEC_PREFIX',
      guest: '/usr/bin/gcc',
    });
    expect(line('anyarch1\tE\t1\tpreload\t\t./configure')).toMatchObject({
      detail: '',
      guest: './configure',
    });
  });

  it.each([
    '',
    'anyarch2\tS\t1\t/dev/.anyarch/abc234/bin/cc1\t/cc1',
    'anyarch1\tS\t-1\t/dev/.anyarch/abc234/bin/cc1\t/cc1',
    'anyarch1\tS\t123456789012345678901\t/dev/.anyarch/abc234/bin/cc1\t/cc1',
    'anyarch1\tS\t1\t/usr/bin/cc1\t/cc1',
    'anyarch1\tS\t1\t/dev/.anyarch/abc189/bin/cc1\t/cc1',
    'anyarch1\tS\t1\t/dev/.anyarch/abc234/bin/cc1\t',
    'anyarch1\tS\t1\t/dev/.anyarch/abc234/bin/cc1\t/cc1\tmore',
    'anyarch1\tE\t1\tboredom\t\t/cc1',
    'anyarch1\tE\t1\tunknown\t/cc1',
    'anyarch1\tX\t1\tunknown\t\t/cc1',
    ` anyarch1\tE\t1\tunknown\t\t/cc1`,
    `anyarch1\tE\t1\tunknown\t\t/${'x'.repeat(longestLine)}`,
  ])('is not taken when no interposer writes it: %j', (text) => {
    expect(line(text)).toBeUndefined();
  });

  it('has nothing in it that acts upon a terminal', () => {
    expect(line('anyarch1\tE\t1\tunknown\t\u001b[2J\t/bin/\u202e\u0007x')).toMatchObject({
      detail: String.raw`\x1b[2J`,
      guest: String.raw`/bin/\u202e\x07x`,
    });
  });

  it('is taken or not, whatever bytes it has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const record = parseLogLine(bytes);
        expect(record?.guest).not.toBe('');
      }),
    );
    const word = fc.constantFrom('anyarch1', 'S', 'E', '1', '', '/dev/.anyarch/abc234/x', ...fallbackReasons);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const record = line(words.join('\t'));
        expect([undefined, 'substituted', 'emulated']).toContain(record?.kind);
      }),
    );
  });
});
