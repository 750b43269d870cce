import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootScript, shellScript, startScript } from './boot-script.ts';

describe('the scripts of a machine that is made of a container image', () => {
  it.each([
    ['in memory', bootScript()],
    ['first process', startScript()],
    ['shell', shellScript(['A=b'])],
  ])('are shell: %s', (_name, script) => {
    execFileSync('sh', ['-n'], { input: script });
    expect(() => execFileSync('sh', ['-n'], { input: `${script}\nif`, stdio: 'pipe' })).toThrow();
  });
});

describe('shellScript', () => {
  it("sets the image's variables, whatever is in them, and no others", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (value) => {
        const script = shellScript([`VALUE=${value}`, 'HOME=/elsewhere', 'x;y=1', 'nothing']);
        const shown = execFileSync('sh', ['-c', script, 'sh', '-c', 'printf "%s|" "$VALUE" "$HOME"'], {
          encoding: 'utf8',
          env: { HOME: '/home/me', PATH: '/usr/bin:/bin' },
        });
        expect(shown).toBe(`${value}|/home/me|`);
      }),
      { numRuns: 20 },
    );
  });
});
