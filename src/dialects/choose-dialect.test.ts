import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { chooseDialect, type DialectName } from './choose-dialect.ts';

const untagged: readonly (readonly [string, DialectName])[] = [
  ['', 'podman'],
  ['systemd-binfmt', 'podman'],
  ['/usr/lib/systemd/systemd-binfmt', 'podman'],
  ['--reset', 'multiarch'],
  ['--reset -p yes', 'multiarch'],
  ['--reset --credential yes --persistent yes', 'multiarch'],
  ['-p yes -c yes', 'multiarch'],
  ['-pyes', 'multiarch'],
  ['--persist yes', 'multiarch'],
  ['--qemu-path=/opt', 'multiarch'],
  ['-Q /opt -F -static', 'multiarch'],
  ['-s ALL -e /out', 'multiarch'],
  ['--systemd aarch64', 'multiarch'],
  ['-i yes', 'multiarch'],
  ['-g no', 'multiarch'],
  ['--install all', 'binfmt'],
  ['--install=arm64', 'binfmt'],
  ['-install arm64,riscv64', 'binfmt'],
  ['--uninstall qemu-*', 'binfmt'],
  ['--mount /x', 'binfmt'],
  ['--mount /x --install all', 'binfmt'],
  ['-version', 'binfmt'],
  ['-help', 'binfmt'],
  ['-version --install all', 'binfmt'],
  ['-static -help', 'qus'],
  ['-s -- -p', 'qus'],
  ['-s -- -p aarch64', 'qus'],
  ['-- -r', 'qus'],
  ['-s', 'qus'],
  ['-l', 'qus'],
  ['-l -- -t', 'qus'],
  ['-s -l -- -p', 'qus'],
  ['--static -- -p', 'qus'],
  ['-list', 'qus'],
  ['-i ls', 'qus'],
  ['status --json', 'anyarch'],
  ['register arm64 --reset', 'anyarch'],
  ['help', 'anyarch'],
  ['--version', 'anyarch'],
  ['--help', 'anyarch'],
  ['-h', 'anyarch'],
  ['nonsense', 'anyarch'],
];

const wordsOf = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('whose command line it is', () => {
  test.each(untagged)('without a tag: %s', (line, dialect) => {
    expect(chooseDialect(undefined, wordsOf(line))).toBe(dialect);
    expect(chooseDialect('', wordsOf(line))).toBe(dialect);
  });

  test.each(['--install all --reset', '--reset -s -- -p', '--uninstall arm64 -l', '--mount /x -- -r'])(
    'the words of two dialects are refused: %s',
    (line) => {
      expect(() => chooseDialect(undefined, wordsOf(line))).toThrowWithCode('ANYARCH_USAGE');
    },
  );

  test('what stands behind -- is not looked at', () => {
    expect(chooseDialect(undefined, wordsOf('-- -p --install x --reset'))).toBe('qus');
  });

  test('a tag fixes it', () => {
    for (const tag of ['multiarch', 'binfmt', 'qus', 'podman'] as const) {
      for (const line of ['', '--version', '-h', '--reset', '--install all', '-s -- -p'])
        expect(chooseDialect(tag, wordsOf(line))).toBe(tag);
    }
    expect(() => chooseDialect('docker', [])).toThrowWithCode('ANYARCH_USAGE');
  });

  test("gives way to anyarch's own commands, and to systemd-binfmt", () => {
    for (const tag of ['multiarch', 'binfmt', 'qus']) {
      expect(chooseDialect(tag, ['status'])).toBe('anyarch');
      expect(chooseDialect(tag, ['register', 'all', '--reset'])).toBe('anyarch');
      expect(chooseDialect(tag, ['/usr/lib/systemd/systemd-binfmt'])).toBe('podman');
    }
    expect(chooseDialect('binfmt', ['--install', 'status'])).toBe('binfmt');
  });

  test('always decides, or says that it cannot', () => {
    const names = ['multiarch', 'podman', 'binfmt', 'qus', 'anyarch', 'ANYARCH_USAGE'];
    const outcomeOf = (words: readonly string[]): string => {
      try {
        return chooseDialect(undefined, words);
      } catch (error) {
        if (error instanceof AnyarchError) return error.code;
        throw error;
      }
    };
    const word = fc.oneof(
      fc.constantFrom(...untagged.flatMap(([line]) => wordsOf(line)), '--', '-', '--='),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(names).toContain(outcomeOf(words));
      }),
    );
  });
});
