import { describe, expect, it } from 'vitest';
import { withInterpreter } from './adopt-program.ts';
import { ownLoader } from './own-files.ts';

/** Loaders of Debian's architectures (ABI lists of the GNU C library, shlib-versions). */
const loaders = [
  '/lib/ld-linux-aarch64.so.1',
  '/lib/ld-linux-armhf.so.3',
  '/lib64/ld-linux-x86-64.so.2',
  '/lib/ld-linux-riscv64-lp64d.so.1',
  '/lib/ld64.so.1',
  '/lib64/ld64.so.2',
  '/lib64/ld-linux-loongarch-lp64d.so.1',
  '/lib64/ld.so.1',
  '/lib/ld.so.1',
];

const programWith = (path: string) => Buffer.from(`before\0${path}\0behind`, 'latin1');

describe('withInterpreter', () => {
  it.each(loaders)('puts our own loader into a program of %s, and moves nothing', (path) => {
    const program = programWith(path);
    const adopted = Buffer.from(withInterpreter(program, path, ownLoader)).toString('latin1');
    expect(adopted).toHaveLength(program.length);
    expect(adopted.startsWith(`before\0${ownLoader}\0`)).toBe(true);
    expect(adopted.endsWith('\0behind')).toBe(true);
  });

  it('does not write over what is behind, and not into a program with another loader', () => {
    const program = programWith('/lib/ld.so.1');
    expect(() => withInterpreter(program, '/lib/ld.so.1', '/lib/ld.so.12')).toThrow('longer');
    expect(() => withInterpreter(program, '/lib/ld.so.2', ownLoader)).toThrow('does not name');
  });
});
