import { describe, expect, it } from 'vitest';
import { formatEntry, parseEntry } from './entry.ts';

describe('parseEntry', () => {
  const text = 'enabled\ninterpreter /usr/bin/qemu-arm\nflags: POCF\noffset 0\nmagic 7f45\nmask ffff\n';

  it('reads what the kernel prints', () => {
    expect(parseEntry('arm', text)).toMatchObject({
      name: 'arm',
      enabled: true,
      kind: 'magic',
      interpreter: '/usr/bin/qemu-arm',
    });
    expect(formatEntry(parseEntry('arm', text.replace('enabled', 'disabled')))).toBe(
      text.replace('enabled', 'disabled'),
    );
  });

  it.each([
    '',
    'enabled',
    'enabled\n',
    'perhaps\ninterpreter /x\nflags: \noffset 0\nmagic 7f\n',
    text.slice(0, -1),
    text.replace('flags: POCF', 'flags: Q'),
    text.replace('flags', 'flogs'),
    text.replace('offset 0', 'offset -1'),
    text.replace('offset 0', 'offset 255'),
    text.replace('7f45', '7f4'),
    text.replace('7f45', ''),
    text.replace('ffff', 'ff'),
    `${text}more\n`,
  ])('refuses %j', (damaged) => {
    expect(() => parseEntry('arm', damaged)).toThrowWithCode('ANYARCH_ENTRY_INVALID');
  });
});
