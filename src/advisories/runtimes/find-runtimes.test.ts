import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { findRuntimes } from './find-runtimes.ts';

const root = '/srv/guest';

function inGuest(contents: Readonly<Record<string, string | Uint8Array>>) {
  const { files } = fakeHost();
  for (const [path, content] of Object.entries(contents)) files.addFile(`${root}${path}`, content);
  return findRuntimes(files, { root }).map(({ name, version }) => `${name} ${version ?? '?'}`);
}

describe('a guest', () => {
  it("has what dpkg's record says is installed", () => {
    const status = [
      'Package: golang-1.23-go\nStatus: install ok installed\nVersion: 1.23.4-2',
      'Package: nodejs\nStatus: deinstall ok config-files\nVersion: 18.19.0+dfsg-6',
      'Package: libc6\nStatus: install ok installed\nArchitecture: arm64\nVersion: 2.36-9+deb12u10',
      'Package: openjdk-17-jre-headless\nStatus: install ok installed\nVersion: 17.0.9+9-1',
    ].join('\n\n');
    expect(inGuest({ '/var/lib/dpkg/status': status })).toEqual([
      'go 1.23.4',
      'glibc 2.36',
      'openjdk 17.0.9',
    ]);
  });

  it("has what apk's record says", () => {
    const installed = 'C:Q1\nP:nodejs\nV:20.15.1-r0\n\nC:Q1\nP:musl\nV:1.2.5-r0\n\nP:mimalloc2\nV:2.1.7-r0\n';
    expect(inGuest({ '/lib/apk/db/installed': installed })).toEqual(['node 20.15.1', 'mimalloc 2.1.7']);
  });

  it("has what the projects' own archives hold", () => {
    expect(
      inGuest({
        '/usr/local/bin/node': 'ELF',
        '/usr/local/include/node/node_version.h':
          '#define NODE_MAJOR_VERSION 22\n#define NODE_MINOR_VERSION 4\n#define NODE_PATCH_VERSION 1\n',
        '/usr/local/go/VERSION': 'go1.23rc1\ntime 2024-06-21\n',
        '/usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/x.dll': 'MZ',
        '/opt/java/openjdk/release':
          'IMPLEMENTOR="Eclipse Adoptium"\nJAVA_VERSION="17.0.9"\nJVM_VARIANT="Hotspot"\n',
        '/usr/lib/jvm/semeru/release': 'JAVA_VERSION="11.0.20"\nJVM_VARIANT="Openj9"\n',
      }),
    ).toEqual(['node 22.4.1', 'go 1.23rc1', 'dotnet 8.0.1', 'openjdk 17.0.9', 'openj9 11.0.20']);
  });

  it('is looked at as it is inside: absolute links stay there', () => {
    const { files } = fakeHost();
    files.addFile('/var/lib/dpkg/status', 'Package: nodejs\nStatus: install ok installed\nVersion: 1\n');
    files.addLink(`${root}/var/lib/dpkg`, '/elsewhere');
    files.addFile(
      `${root}/elsewhere/status`,
      'Package: systemd\nStatus: install ok installed\nVersion: 260.1-1\n',
    );
    expect(findRuntimes(files, { root })).toEqual([
      { name: 'systemd', version: '260.1', path: '/var/lib/dpkg/status' },
    ]);
  });

  it('is not the host itself, whose runtimes are not emulated', () => {
    const { files } = fakeHost();
    files.addFile('/usr/local/go/VERSION', 'go1.23.1\n');
    expect(findRuntimes(files, { root: '/' })).toEqual([]);
  });
});

describe('a program', () => {
  const program = (content: Uint8Array) => {
    const { files } = fakeHost();
    files.addFile('/x', content);
    return findRuntimes(files, { program: '/x' });
  };
  const goMark = Buffer.concat([
    Buffer.from('\xff Go buildinf:\x08\x02', 'latin1'),
    Buffer.alloc(16),
    Buffer.from('\x08go1.23.1', 'latin1'),
  ]);

  it('tells the version of Go wherever the mark stands, also where two parts meet', () => {
    for (const offset of [0, 4096, (1 << 20) - 7, (1 << 20) - 40]) {
      const content = Buffer.concat([Buffer.alloc(offset), goMark, Buffer.alloc(5)]);
      expect(program(content)).toEqual([{ name: 'go', version: '1.23.1', path: '/x' }]);
    }
  });

  it('tells mimalloc, and nothing for others', () => {
    expect(program(Buffer.from('\0mimalloc: warning: \0'))).toMatchObject([{ name: 'mimalloc' }]);
    expect(program(Buffer.from('\0malloc\0'))).toEqual([]);
  });

  it('may be anything, or nothing', () => {
    expect(findRuntimes(fakeHost().files, { program: '/x' })).toEqual([]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 46 }), (noise, cut) => {
        const found = program(Buffer.concat([noise, goMark.subarray(0, cut)]));
        expect(found.every(({ name }) => name === 'go')).toBe(true);
      }),
    );
  });
});
