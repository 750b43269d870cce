import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mirrorHost } from '../../test/support/mirror-host.ts';
import { buildDeb, type TarEntry } from '../../test/support/mirror-package.ts';
import { startMirror, type Mirror, type MirrorPackage } from '../../test/support/mirror.ts';
import { bytesSource } from '../core/byte-source.ts';
import { readElf } from '../core/elf.ts';
import { AnyarchError } from '../core/error.ts';
import { findPrograms, obtainPrograms, offeredVersion, type ProgramsOptions } from './index.ts';

/** A program of this machine that needs nothing but the C library, and that library. */
const program = '/usr/bin/printf';
const loader = readElf(bytesSource(readFileSync(program))).interpreter ?? '';
// The loader's name is a link to where the libraries are.
const libraries = dirname(realpathSync(loader)).replace(/^\/usr/, '');

let mirror: Mirror;
let home: string;
let libc: MirrorPackage;
let tool: MirrorPackage;

beforeAll(async () => {
  libc = {
    name: 'libc6',
    version: '2.41-1',
    deb: await deb([
      { name: `.${libraries}/libc.so.6`, content: readFileSync(`${libraries}/libc.so.6`) },
      { name: `.${libraries}/${basename(realpathSync(loader))}`, content: readFileSync(loader), mode: 0o755 },
      { name: `.${loader}`, type: 'symlink', linkname: `${libraries}/${basename(realpathSync(loader))}` },
    ]),
  };
  tool = {
    name: 'tool',
    version: '1-1',
    depends: 'libc6 (>= 2.0) | other, adduser',
    deb: await deb([
      { name: './usr/bin/tool', content: readFileSync(program), mode: 0o755 },
      { name: './usr/share/tool/data', content: 'data' },
      { name: './usr/share/doc/tool/README', content: 'read me' },
    ]),
  };
});

function deb(entries: readonly TarEntry[]): Promise<Buffer> {
  const directories = new Set<string>();
  for (const { name } of entries)
    for (let path = dirname(name); path !== '.'; path = dirname(path)) directories.add(`${path}/`);
  const above = [...directories].toSorted().map((name): TarEntry => ({ name, type: 'directory' }));
  return buildDeb([...above, ...entries], 'none');
}

beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-programs-'));
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

const obtain = (options: Partial<ProgramsOptions> = {}) =>
  obtainPrograms(mirrorHost(home), {
    packages: ['tool'],
    mirror: mirror.url,
    keyrings: [mirror.keyring],
    retryMs: 1,
    ...options,
  });

describe('programs of packages', () => {
  it('run from where they were unpacked, with their own libraries', async () => {
    await mirror.addSuite({ suite: 'trixie', packages: [tool, libc] });
    const programs = await obtain();
    const [first = '', ...words] = programs.command('tool');
    expect(first.startsWith(`${programs.root}/`)).toBe(true);
    expect(execFileSync(first, [...words, '%s', 'hello'], { encoding: 'utf8' })).toBe('hello');
    expect(programs.dataFile('usr/share/tool/data')).toBe(`${programs.root}/usr/share/tool/data`);
    expect(programs.dataFile('usr/share/doc/tool/README')).toBeUndefined();
    expect([...programs.versions]).toEqual([
      ['libc6', '2.41-1'],
      ['tool', '1-1'],
    ]);
    expect(() => programs.command('other')).toThrowWithCode('ANYARCH_PROGRAM_NOT_FOUND');
  });

  it('are found again without asking anybody', async () => {
    await mirror.addSuite({ suite: 'trixie', packages: [tool, libc] });
    const { digest } = await obtain();
    mirror.requests.length = 0;
    expect((await obtain({ noFetch: true })).digest).toBe(digest);
    expect(findPrograms(mirrorHost(home), { packages: ['tool'] })?.digest).toBe(digest);
    expect(findPrograms(mirrorHost(home), { packages: ['libc6'] })).toBeUndefined();
    expect(findPrograms(mirrorHost(home), { packages: ['tool'], suites: ['sid'] })).toBeUndefined();
    expect(mirror.requests).toEqual([]);
  });

  it('share packages: a new version fetches what is new', async () => {
    await mirror.addSuite({ suite: 'trixie', packages: [tool, libc] });
    const before = await obtain();
    const newer = {
      ...tool,
      version: '1-2',
      deb: await deb([{ name: './usr/bin/tool', content: readFileSync(program), mode: 0o755 }]),
    };
    await mirror.addSuite({ suite: 'trixie', packages: [newer, libc] });
    mirror.requests.length = 0;
    const after = await obtain({ isRenewed: true });
    expect(after.versions.get('tool')).toBe('1-2');
    expect(after.digest).not.toBe(before.digest);
    expect(mirror.requests.filter((line) => line.endsWith('.deb'))).toHaveLength(1);
    // A machine that runs from the older one keeps it.
    expect(before.command('tool')).toContain(`${before.root}/usr/bin/tool`);
  });

  it('can be asked for their version, which fetches no package', async () => {
    await mirror.addSuite({ suite: 'trixie', packages: [{ ...tool, version: '1:1.2+ds-1' }, libc] });
    const options = { packages: ['tool'], mirror: mirror.url, keyrings: [mirror.keyring], retryMs: 1 };
    expect(await offeredVersion(mirrorHost(home), 'tool', options)).toBe('1:1.2+ds-1');
    expect(await codeOf(offeredVersion(mirrorHost(home), 'other', options))).toBe(
      'ANYARCH_PACKAGE_NOT_FOUND',
    );
    expect(mirror.requests.filter((line) => line.endsWith('.deb'))).toEqual([]);
    mirror.requests.length = 0;
    const offline = { ...options, noFetch: true };
    expect(await codeOf(offeredVersion(mirrorHost(home), 'tool', offline))).toBe('ANYARCH_PROGRAM_NOT_FOUND');
    expect(mirror.requests).toEqual([]);
  });

  it('say which library is missing', async () => {
    await mirror.addSuite({ suite: 'trixie', packages: [{ ...tool, depends: 'virtual' }] });
    const programs = await obtain();
    expect(() => programs.command('tool')).toThrowWithCode('ANYARCH_PROGRAM_NOT_FOUND');
    expect(() => programs.command('tool')).toThrow('libc.so.6');
  });

  it('are not there half: what fails leaves nothing, and the next attempt goes on', async () => {
    await mirror.addSuite({ suite: 'trixie', packages: [tool, libc] });
    mirror.fail('tool_1-1', { flipAt: 200 });
    expect(await codeOf(obtain())).toBe('ANYARCH_DIGEST_MISMATCH');
    expect(findPrograms(mirrorHost(home), { packages: ['tool'] })).toBeUndefined();
    expect(readdirSync(`${home}/programs`)).not.toContain('sets');
    mirror.heal();
    expect((await obtain()).programFile('tool')).toBeDefined();
    expect(readdirSync(`${home}/programs/making`)).toEqual([]);
  });

  it('are not fetched when that is not wanted', async () => {
    expect(await codeOf(obtain({ noFetch: true }))).toBe('ANYARCH_PROGRAM_NOT_FOUND');
    expect(mirror.requests).toEqual([]);
  });
});

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AnyarchError) return error.code;
    throw error;
  }
  return 'nothing';
}
