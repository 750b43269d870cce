import { describe, expect, it } from 'vitest';
import { fakeProcesses } from '../host/testing/fake-processes.ts';
import { defaultMirror, findMirror } from './mirror.ts';

describe('findMirror', () => {
  it('takes the given one before all others, without trailing slashes', () => {
    const host = hostOf({ ANYARCH_MIRROR: 'http://other/debian' });
    expect(findMirror(host, 'http://given/debian//')).toBe('http://given/debian');
    expect(findMirror(host)).toBe('http://other/debian');
    expect(host.processes.runs).toEqual([]);
  });

  it.each(['ftp://host/debian', 'file:///srv', 'mirror.example/debian', 'http://', 'http:///debian'])(
    'refuses %s',
    (mirror) => {
      expect(() => findMirror(hostOf({}), mirror)).toThrowWithCode('ANYARCH_MIRROR_UNKNOWN');
      expect(() => findMirror(hostOf({ ANYARCH_MIRROR: mirror }))).toThrowWithCode('ANYARCH_MIRROR_UNKNOWN');
    },
  );

  it("asks the host's apt, for Debian itself and not for security or vendors", () => {
    const host = hostOf({}, [
      'http://security.debian.org/debian-security bookworm-security',
      'https://download.docker.com/linux/debian bookworm',
      'http://mirror.example/debian/ bookworm',
      'http://mirror.example/debian/ bookworm-updates',
    ]);
    expect(findMirror(host)).toBe('http://mirror.example/debian');
  });

  it('prefers https', () => {
    expect(findMirror(hostOf({}, ['http://a/debian trixie', 'https://b/debian trixie']))).toBe(
      'https://b/debian',
    );
  });

  it('asks for origins when no path is the usual one', () => {
    const sites = ['https://download.docker.com/linux/debian trixie', 'http://corp/apt/main trixie'];
    const host = hostOf({}, sites, [
      'https://download.docker.com/linux/debian/|trixie|Docker|Docker CE',
      'http://corp/apt/main/|trixie|Debian|Debian',
      'http://corp/apt/security/|trixie-security|Debian|Debian-Security',
    ]);
    expect(findMirror(host)).toBe('http://corp/apt/main');
  });

  it('has a default for hosts without apt, and for those whose apt has no Debian', () => {
    expect(findMirror(hostOf({}))).toBe(defaultMirror);
    expect(findMirror(hostOf({}, ['http://archive.ubuntu.com/ubuntu noble']))).toBe(defaultMirror);
    expect(findMirror(hostOf({}, ['cdrom:[Debian]/debian trixie', 'file:/srv/debian trixie']))).toBe(
      defaultMirror,
    );
  });
});

function hostOf(
  environment: Record<string, string>,
  sites?: readonly string[],
  targets: readonly string[] = [],
) {
  const processes = fakeProcesses();
  if (sites !== undefined) {
    const uris = sites.map((line) => {
      const at = line.lastIndexOf(' ');
      return `'${line.slice(0, at).replace(/\/$/, '')}/dists/${line.slice(at + 1)}/InRelease' name 0 \n`;
    });
    processes.on(['apt-get', 'update', '--print-uris'], { stdout: uris.join('') });
    processes.on(['apt-get', 'indextargets'], { stdout: targets.join('\n') });
  }
  return {
    processes,
    system: { uid: 0, gid: 0, pid: 1, machine: 'x86_64', kernelRelease: '6.12', environment },
  };
}
