import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../core/text.ts';
import { withSettings } from './settings.ts';

const header = 'anyarch-runtime-settings 1\n';

/** The header in the code, then the slot. */
function program(): Uint8Array {
  const bytes = new Uint8Array(20_000).fill(7);
  bytes.set(encodeUtf8(header), 100);
  bytes.fill(0, 1000, 1000 + 8192);
  bytes.set(encodeUtf8(header), 1000);
  return bytes;
}

const settings = { tree: '/var/lib/anyarch/tool-tree', runtimes: ['runc', '/usr/sbin/runc'] };

describe('settings of a stand-in', () => {
  it('are written into its slot, and nowhere else', () => {
    const original = program();
    const made = withSettings(original, settings);
    const text = encodeUtf8(
      `${header}tree /var/lib/anyarch/tool-tree\nruntime runc\nruntime /usr/sbin/runc\n\0`,
    );
    expect(made.subarray(1000, 1000 + text.length)).toEqual(text);
    const expected = program();
    expected.set(text, 1000);
    expect(made).toEqual(expected);
    expect(original).toEqual(program());
  });

  it('leave alone what shares the memory of a buffer', () => {
    const original = Buffer.from(program());
    withSettings(original, settings);
    expect(Uint8Array.from(original)).toEqual(program());
  });

  it.each(['/a"b', '/a\\b', '/a\nb', '/\u00e9', ''])('refuse a path that cannot be in them: %j', (path) => {
    expect(() =>
      withSettings(program(), { ...settings, tree: `/x${path}`.slice(path === '' ? 2 : 0) }),
    ).toThrowWithCode('ANYARCH_FILE');
    expect(() => withSettings(program(), { ...settings, runtimes: [path] })).toThrowWithCode('ANYARCH_FILE');
  });

  it('refuse what is too long', () => {
    const runtimes = Array.from({ length: 20 }, () => `/${'x'.repeat(500)}`);
    expect(() => withSettings(program(), { ...settings, runtimes })).toThrowWithCode('ANYARCH_FILE');
  });

  it('need a place', () => {
    expect(() => withSettings(new Uint8Array(10_000), settings)).toThrow('no place');
  });
});
