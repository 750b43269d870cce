import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootScript, initNote, shellScript, startScript } from './boot-script.ts';

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

it('makes the directories that it writes to', () => {
  const script = bootScript();
  const made = script.indexOf('for dir in proc sys dev run tmp etc;');
  expect(made).toBeGreaterThan(0);
  expect(script.indexOf('/new/etc/')).toBeGreaterThan(made);
});

it('notes the init before anybody can ask for it', () => {
  const script = startScript();
  expect(script.indexOf(`echo "$init" >${initNote}`)).toBeGreaterThan(script.indexOf('init=/sbin/init'));
  expect(script.indexOf('\nserve &')).toBeGreaterThan(script.indexOf(initNote));
});

it.each([
  ['an image has from the host it was made on', 'nameserver 10.255.0.1', false, 'nameserver 10.0.2.3'],
  ['somebody has changed since', 'nameserver 9.9.9.9', true, 'nameserver 9.9.9.9'],
  ['is empty', '', true, 'nameserver 10.0.2.3'],
])('settles a resolv.conf that %s', (_, before, isPrepared, after) => {
  const root = mkdtempSync(join(tmpdir(), 'anyarch-start-'));
  try {
    mkdirSync(join(root, 'state'));
    writeFileSync(join(root, 'resolv.conf'), before === '' ? '' : `${before}\n`);
    if (isPrepared) writeFileSync(join(root, 'state/prepared'), '');
    const [part = ''] = /^if \[ ! -s \/etc\/resolv[^]*?^fi$/m.exec(startScript()) ?? [];
    const script = `box=; own=${root}; ${part.replaceAll('/etc/', `${root}/`)}`;
    execFileSync('sh', ['-ec', script]);
    expect(readFileSync(join(root, 'resolv.conf'), 'utf8')).toBe(`${after}\n`);
  } finally {
    rmSync(root, { recursive: true });
  }
});

describe('an SSH server', () => {
  /** What is said to it, and what is mounted for it; `help` is what it says of itself. */
  function told(root: string, { help, user }: { help: string; user: string }): string {
    mkdirSync(join(root, 'bin'));
    mkdirSync(join(root, 'logins'));
    writeFileSync(join(root, 'bin/dropbear'), `#!/bin/sh\necho '${help}' >&2\nexit 1\n`, { mode: 0o755 });
    const homes = ['root', 'me'].map((name) => `${name}:x:0:0:root:${root}/home/${name}:/bin/sh`);
    writeFileSync(join(root, 'passwd'), `${homes.join('\n')}\n`);
    const [part = ''] = /^elsewhere=[^]*?^fi$/m.exec(startScript()) ?? [];
    const script = `mount() { echo "mount $*"; }
box=; own=${root}; logins=${root}/logins; user=${user}; ${part.replace('/etc/passwd', `${root}/passwd`)}
echo "words $elsewhere"`;
    return execFileSync('sh', ['-ec', script], { encoding: 'utf8' }).replaceAll(root, '');
  }

  it.each([
    ['that knows a directory for keys', '-D Directory', 'me', 'words -D /logins\n'],
    ['of Debian 12', '-d other', 'me', 'mount -o bind /logins /home/me/.ssh\nwords \n'],
    ['of Debian 12, and no user', '-d other', '', 'mount -o bind /logins /home/root/.ssh\nwords \n'],
  ])('finds keys: one %s', (_, help, user, expected) => {
    const root = mkdtempSync(join(tmpdir(), 'anyarch-start-'));
    try {
      expect(told(root, { help, user })).toBe(expected);
      expect(existsSync(join(root, 'home'))).toBe(expected.startsWith('mount'));
    } finally {
      rmSync(root, { recursive: true });
    }
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
