import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fallbackReasons, longestLine, parseTold } from './log-line.ts';

const line = (text: string) => parseTold(new TextEncoder().encode(`${text}\n`));

describe('a line of the log', () => {
  it('tells which native program ran in the place of which', () => {
    expect(
      line('anyarch1\tS\t1763769600123456789\t/dev/.anyarch/abc234/bin/cc1\t/usr/libexec/gcc/cc1'),
    ).toEqual({
      kind: 'substituted',
      atMs: 1763769600123.4568,
      program: '/dev/.anyarch/abc234/bin/cc1',
      guest: '/usr/libexec/gcc/cc1',
    });
  });

  it('tells why a program was emulated', () => {
    expect(line('anyarch1\tE\t1\tvariable\tGCC_EXEC_PREFIX\t/usr/bin/gcc')).toEqual({
      kind: 'emulated',
      atMs: 1e-6,
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

  it('is taken back by a second one', () => {
    const native = 'anyarch1\tS\t1\t/dev/.anyarch/abc234/bin/cc1\t/cc1';
    expect(line(`${native}\nanyarch1\tE\t1\texec\tENOMEM\t/cc1`)).toMatchObject({ reason: 'exec' });
    for (const second of [native, 'anyarch1\tE\t1\texec\tENOMEM\t/as', 'anyarch1\tE\t1\tunknown\t\t/cc1', ''])
      expect(line(`${native}\n${second}`)).toBeUndefined();
    expect(parseTold(new TextEncoder().encode(native))).toBeUndefined();
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
        const record = parseTold(bytes);
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
