import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { rootGuest } from './root-guest.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'anyarch-guest-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const status = (name: string, version: string, architecture: string, state = 'install ok installed') =>
  `Package: ${name}\nStatus: ${state}\nArchitecture: ${architecture}\nVersion: ${version}\n`;

const read = () => rootGuest(nodeFiles, root, 'my root');

describe('rootGuest', () => {
  it('reads what is installed, of the own architecture', () => {
    put('usr/lib/os-release', 'ID=debian\nVERSION_CODENAME=trixie\n');
    put(
      'var/lib/dpkg/status',
      [
        status('dpkg', '1.22.22', 'arm64'),
        status('gcc', '4:14.2.0-1', 'arm64'),
        status('libc6', '2.41-12', 'armhf'),
        status('old', '1', 'arm64', 'deinstall ok config-files'),
        status('adduser', '3.152', 'all'),
      ].join('\n'),
    );
    const guest = read();
    expect(guest).toMatchObject({ suite: 'trixie', debian: 'arm64', distribution: 'debian' });
    expect([...(guest.installed ?? [])]).toEqual([
      ['dpkg', '1.22.22'],
      ['gcc', '4:14.2.0-1'],
      ['adduser', '3.152'],
    ]);
  });

  it('understands distroless images and the sources of apt', () => {
    put('var/lib/dpkg/status.d/libc6', 'Package: libc6\nVersion: 2.36-9\nArchitecture: s390x\n');
    put('var/lib/dpkg/status.d/libc6.md5sums', 'no package');
    put('etc/apt/sources.list.d/debian.sources', 'Types: deb\nSuites: bookworm bookworm-updates\n');
    expect(read()).toMatchObject({ suite: 'bookworm', debian: 's390x' });
  });

  it('follows no link out of the root', () => {
    const outside = mkdtempSync(join(tmpdir(), 'anyarch-outside-'));
    try {
      writeFileSync(join(outside, 'status'), status('dpkg', '1', 'arm64'));
      put('usr/lib/os-release', 'VERSION_CODENAME=trixie\n');
      mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true });
      symlinkSync(join(outside, 'status'), join(root, 'var/lib/dpkg/status'));
      expect(read).toThrowWithCode('ANYARCH_GUEST_UNKNOWN');
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it.each([
    ['no list of packages', {}],
    ['no release', { 'var/lib/dpkg/status': status('dpkg', '1', 'arm64') }],
    [
      'a release that is none',
      {
        'var/lib/dpkg/status': status('dpkg', '1', 'arm64'),
        'usr/lib/os-release': 'VERSION_CODENAME=../x\n',
      },
    ],
    [
      'an architecture that is none',
      {
        'var/lib/dpkg/status': status('dpkg', '1', 'arm64'),
        'var/lib/dpkg/arch': 'nonsense\n',
        'usr/lib/os-release': 'VERSION_CODENAME=trixie\n',
      },
    ],
  ])('refuses a root with %s', (_, content) => {
    for (const [path, text] of Object.entries(content)) put(path, text);
    expect(read).toThrowWithCode('ANYARCH_GUEST_UNKNOWN');
  });
});
