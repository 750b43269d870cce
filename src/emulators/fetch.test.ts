import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeEmulator, staticProgram } from '../../test/support/mirror-package.ts';
import { createSigningKey } from '../../test/support/mirror-release.ts';
import { mirrorHost } from '../../test/support/mirror-host.ts';
import { backports, oldStable, qemuPackage, stable } from '../../test/support/mirror-suites.ts';
import { poolPath, startMirror, type Mirror } from '../../test/support/mirror.ts';
import { AnyarchError } from '../core/error.ts';
import { readCatalogue } from './catalogue.ts';
import {
  chooseEmulator,
  fetchEmulators,
  verifyEmulators,
  type FetchOptions,
  type FetchReport,
} from './index.ts';

const targets = ['aarch64', 'arm', 'riscv64', 's390x'];
let mirror: Mirror;
let home: string;

beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-fetch-'));
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

const now = { ms: Date.now };
const fetch = (options: Partial<FetchOptions> = {}, nowMs: () => number = now.ms) =>
  fetchEmulators(mirrorHost(home, nowMs), {
    targets,
    mirror: mirror.url,
    keyrings: [mirror.keyring],
    retryMs: 1,
    stallMs: 1000,
    ...options,
  });

const outcomes = (report: FetchReport) =>
  report.results.map((result) =>
    result.outcome === 'failed' ? result.error.code : `${result.outcome} ${result.emulator.version}`,
  );

/** Only what may be there after a failure: no emulators, nothing temporary. */
function expectNothingStored(): void {
  expect(readCatalogue(mirrorHost(home).files, home).emulators).toEqual({});
  expect(existsSync(join(home, 'store/sha256')) ? readdirSync(join(home, 'store/sha256')) : []).toEqual([]);
  expect(existsSync(join(home, 'store/temporary')) ? readdirSync(join(home, 'store/temporary')) : []).toEqual(
    [],
  );
}

async function addBackports(options: Partial<Parameters<typeof qemuPackage>[0]> = {}) {
  const one = await qemuPackage({ ...backports, targets, ...options });
  await mirror.addSuite({ suite: 'trixie-backports', packages: [one] });
  return one;
}

describe('fetchEmulators', () => {
  it('brings verified emulators into the store, once', async () => {
    await addBackports();
    const report = await fetch({ targets: ['arm64', 'linux/arm/v7', 'aarch64'] });
    expect(outcomes(report)).toEqual(['fetched 11.1.3', 'fetched 11.1.3']);
    expect(report).toMatchObject({
      mirror: mirror.url,
      directory: home,
      warnings: [],
      package: { suite: 'trixie-backports', version: '1:11.1.3+ds-1~bpo13+1' },
    });
    const { emulator } = chooseEmulator(mirrorHost(home), 'aarch64');
    expect(emulator).toEqual(
      report.results[0]?.outcome === 'fetched' ? report.results[0].emulator : undefined,
    );
    expect(
      readFileSync(emulator?.path ?? '').equals(fakeEmulator('aarch64', '11.1.3', backports.packageVersion)),
    ).toBe(true);
    expect(statSync(emulator?.path ?? '').mode & 0o777).toBe(0o755);

    mirror.requests.length = 0;
    expect(outcomes(await fetch({ targets: ['aarch64', 'riscv64'] }))).toEqual([
      'present 11.1.3',
      'fetched 11.1.3',
    ]);
    expect(mirror.requests).toEqual(['GET /dists/trixie-backports/InRelease']);
    expect(
      (await verifyEmulators(mirrorHost(home))).map(({ target, outcome }) => `${target} ${outcome}`),
    ).toEqual(['aarch64 intact', 'arm intact', 'riscv64 intact']);
  });

  it('reports each target that the package has not, and fetches the others', async () => {
    await addBackports();
    const report = await fetch({ targets: ['aarch64', 'hexagon', 's390x'] });
    expect(outcomes(report)).toEqual(['fetched 11.1.3', 'ANYARCH_PACKAGE_NOT_FOUND', 'fetched 11.1.3']);
  });

  it('refuses unknown architectures before anything else', async () => {
    await expect(fetch({ targets: ['aarch64', '../x'] })).rejects.toThrowWithCode(
      'ANYARCH_UNKNOWN_ARCHITECTURE',
    );
    expect(mirror.requests).toEqual([]);
  });

  it('repairs what was damaged or has disappeared', async () => {
    await addBackports();
    await fetch();
    const path = (target: string) => chooseEmulator(mirrorHost(home), target).emulator?.path ?? '';
    const [damaged, missing] = [path('arm'), path('s390x')];
    const content = readFileSync(damaged);
    content[content.length - 1] = 1;
    rmSync(missing);
    writeFileSync(damaged, content);
    const verified = Object.fromEntries(
      (await verifyEmulators(mirrorHost(home), ['arm', 's390x', 'arm64'])).map(({ target, outcome }) => [
        target,
        outcome,
      ]),
    );
    expect(verified).toEqual({ aarch64: 'intact', arm: 'damaged', s390x: 'missing' });
    expect(outcomes(await fetch())).toEqual([
      'present 11.1.3',
      'fetched 11.1.3',
      'present 11.1.3',
      'fetched 11.1.3',
    ]);
    expect((await verifyEmulators(mirrorHost(home))).every(({ outcome }) => outcome === 'intact')).toBe(true);
  });
});

describe('the choice of a package', () => {
  const suite = async (name: string, options: Parameters<typeof qemuPackage>[0]) => {
    await mirror.addSuite({
      suite: name,
      packages: [await qemuPackage(options)],
      architectures: ['amd64', 'riscv64'],
    });
  };

  it('is the newest that was tested', async () => {
    await suite('trixie-backports', { packageVersion: '1:12.0.0+ds-1~bpo13+1', version: '12.0.0', targets });
    await suite('trixie', { ...stable, targets });
    expect(outcomes(await fetch({ targets: ['arm'] }))).toEqual(['fetched 10.0.13']);
  });

  it('is the newest, with a warning, where none was tested', async () => {
    await suite('trixie-backports', { packageVersion: '1:12.0.0+ds-1~bpo13+1', version: '12.0.0', targets });
    await suite('trixie', { packageVersion: '1:12.0.1+ds-1', version: '12.0.1', targets });
    const report = await fetch({ targets: ['arm'] });
    expect(outcomes(report)).toEqual(['fetched 12.0.1']);
    expect(report.warnings).toEqual([
      'qemu-user 1:12.0.1+ds-1 has not passed the tests of this version of anyarch',
    ]);
  });

  it('follows the suite and the version that are asked for', async () => {
    await addBackports();
    await suite('trixie', { ...stable, targets });
    await suite('bookworm', { ...oldStable, targets });
    expect(outcomes(await fetch({ targets: ['arm'], suite: 'trixie' }))).toEqual(['fetched 10.0.13']);
    expect(outcomes(await fetch({ targets: ['arm'], version: '7.2.22' }))).toEqual(['fetched 7.2.22']);
    expect(outcomes(await fetch({ targets: ['arm'], version: stable.packageVersion }))).toEqual([
      'present 10.0.13',
    ]);
    expect(outcomes(await fetch({ targets: ['arm'], version: '7.2.21' }))).toEqual([
      'ANYARCH_PACKAGE_NOT_FOUND',
    ]);
    const error = await fetch({ targets: ['arm'], version: '9.1' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'ANYARCH_PACKAGE_NOT_FOUND',
      details: {
        offered: [
          'trixie-backports: 1:11.1.3+ds-1~bpo13+1',
          'trixie: 1:10.0.13+ds-0+deb13u1',
          'bookworm: 1:7.2+dfsg-7+deb12u18+b3',
        ],
      },
    });
  });

  it('needs no archive for a pinned version that is there', async () => {
    await addBackports();
    await suite('trixie', { ...stable, targets });
    await fetch({ targets: ['arm'], suite: 'trixie' });
    await fetch({ targets: ['arm'] });
    mirror.requests.length = 0;
    expect(outcomes(await fetch({ targets: ['arm'], version: '10.0' }))).toEqual(['present 10.0.13']);
    expect(mirror.requests).toEqual([]);
    // It is the one in use now.
    expect(chooseEmulator(mirrorHost(home), 'arm').emulator?.version).toBe('10.0.13');
  });

  it('passes over the dynamic programs of old releases', async () => {
    const dynamic = await qemuPackage({ ...oldStable, name: 'qemu-user', targets });
    const transitional = await qemuPackage({ ...stable, name: 'qemu-user-static', targets });
    await mirror.addSuite({ suite: 'bookworm', packages: [dynamic, transitional] });
    await expect(fetch()).rejects.toThrowWithCode('ANYARCH_PACKAGE_NOT_FOUND');
  });

  it('is for the machine that it shall run on', async () => {
    await addBackports();
    await suite('trixie', {
      ...stable,
      architecture: 'riscv64',
      targets,
      programs: {
        arm: Buffer.concat([
          staticProgram({ machine: 243, class: 64 }),
          Buffer.from('qemu-arm version 10.0.13 (Debian 1)'),
        ]),
      },
    });
    const report = await fetch({ targets: ['arm', 's390x'], machine: 'riscv64' });
    // The second one is no program for riscv64, whatever the package says.
    expect(outcomes(report)).toEqual(['fetched 10.0.13', 'ANYARCH_EMULATOR_UNUSABLE']);
    // This machine may have another one of its own.
    expect(chooseEmulator(mirrorHost(home), 'arm').candidates[0]).toMatchObject({
      path: expect.stringContaining(home) as string,
      rejected: 'it is for riscv64 hosts',
    });
    await expect(fetch({ machine: 'hexagon' })).rejects.toThrowWithCode('ANYARCH_PACKAGE_NOT_FOUND');
  });

  it.each(['gz', 'none'] as const)(
    'reads an index compressed with %s, by its name where there are no digests',
    async (compression) => {
      const one = await qemuPackage({ ...backports, targets });
      await mirror.addSuite({ suite: 'trixie-backports', packages: [one], compression, byHash: false });
      expect(outcomes(await fetch({ targets: ['arm'] }))).toEqual(['fetched 11.1.3']);
    },
  );

  it('does without the copies by digest, which a partial mirror may not have', async () => {
    await addBackports();
    for (const path of mirror.files.keys()) if (path.includes('by-hash')) mirror.files.delete(path);
    expect(outcomes(await fetch({ targets: ['arm'] }))).toEqual(['fetched 11.1.3']);
  });
});

describe('what is not as it should be', () => {
  const code = async (options: Partial<FetchOptions> = {}, nowMs?: () => number) => {
    const error = await fetch(options, nowMs).catch((reason: unknown) => reason);
    return error instanceof AnyarchError ? error.code : `no failure: ${JSON.stringify(error)}`;
  };

  it('a signature by a stranger', async () => {
    const one = await qemuPackage({ ...backports, targets });
    await mirror.addSuite({
      suite: 'trixie-backports',
      packages: [one],
      signingKey: await createSigningKey(),
    });
    expect(await code()).toBe('ANYARCH_SIGNATURE_INVALID');
    expectNothingStored();
  });

  it('an archive that Debian has not signed', async () => {
    await addBackports();
    expect(await code({ keyrings: undefined })).toBe('ANYARCH_SIGNATURE_INVALID');
    expectNothingStored();
  });

  it('lines after the signature', async () => {
    await addBackports();
    const path = 'dists/trixie-backports/InRelease';
    mirror.files.set(
      path,
      Buffer.concat([mirror.files.get(path) ?? Buffer.alloc(0), Buffer.from('\nSHA256:\n')]),
    );
    expect(await code()).toBe('ANYARCH_SIGNATURE_INVALID');
  });

  it('an expired release, which can be allowed', async () => {
    const one = await qemuPackage({ ...backports, targets });
    await mirror.addSuite({
      suite: 'trixie-backports',
      packages: [one],
      validUntil: new Date(Date.now() + 3_600_000),
    });
    const later = () => Date.now() + 7_200_000;
    expect(await code({}, later)).toBe('ANYARCH_RELEASE_EXPIRED');
    expectNothingStored();
    expect(outcomes(await fetch({ allowExpired: true, targets: ['arm'] }, later))).toEqual([
      'fetched 11.1.3',
    ]);
  });

  it("another suite's release", async () => {
    await addBackports();
    mirror.files.set(
      'dists/trixie/InRelease',
      mirror.files.get('dists/trixie-backports/InRelease') ?? Buffer.alloc(0),
    );
    expect(await code({ suite: 'trixie' })).toBe('ANYARCH_SIGNATURE_INVALID');
  });

  it('a changed index', async () => {
    await addBackports();
    mirror.fail('Packages', { flipAt: 100 });
    mirror.fail('by-hash', { flipAt: 100 });
    expect(await code()).toBe('ANYARCH_DIGEST_MISMATCH');
    expectNothingStored();
  });

  it('a package with one changed bit', async () => {
    await addBackports();
    mirror.fail('pool/', { flipAt: 500 });
    expect(await code()).toBe('ANYARCH_DIGEST_MISMATCH');
    expectNothingStored();
    expect(readdirSync(join(home, 'cache/sha256'))).toHaveLength(1);
  });

  it('a package that has gone from the mirror', async () => {
    const one = await addBackports();
    mirror.files.delete(poolPath(one));
    expect(await code()).toBe('ANYARCH_DOWNLOAD_FAILED');
  });

  it('a package that was signed and is no package', async () => {
    const one = await qemuPackage({ ...backports, targets });
    await mirror.addSuite({
      suite: 'trixie-backports',
      packages: [{ ...one, deb: one.deb.subarray(0, 400) }],
    });
    const report = await fetch();
    expect(outcomes(report)).toEqual(targets.map(() => 'ANYARCH_ARCHIVE_INVALID'));
    expectNothingStored();
  });

  it('an emulator of another target, of another machine, and none at all', async () => {
    await addBackports({
      programs: {
        aarch64: fakeEmulator('arm', '11.1.3', 'x'),
        arm: staticProgram({ machine: 183, class: 64 }),
        riscv64: Buffer.from('#!/bin/sh\n'),
      },
    });
    expect(outcomes(await fetch())).toEqual([
      'ANYARCH_EMULATOR_UNUSABLE',
      'ANYARCH_EMULATOR_UNUSABLE',
      'ANYARCH_ELF_INVALID',
      'fetched 11.1.3',
    ]);
    expect(Object.keys(readCatalogue(mirrorHost(home).files, home).emulators)).toEqual(['s390x']);
    expect(readdirSync(join(home, 'store/sha256'))).toHaveLength(1);
  });

  it('a mirror without the suite, and one without anything', async () => {
    expect(await code({ suite: 'trixie' })).toBe('ANYARCH_PACKAGE_NOT_FOUND');
    expect(await code()).toBe('ANYARCH_PACKAGE_NOT_FOUND');
    await mirror.close();
    expect(await code()).toBe('ANYARCH_DOWNLOAD_FAILED');
    mirror = await startMirror();
  });

  it.each(['../../x', '/trixie', 'trixie/main', 'Trixie', '', 'a..b', '-x'])(
    'a suite that cannot be, without asking: "%s"',
    async (suite) => {
      expect(await code({ suite })).toBe('ANYARCH_USAGE');
      expect(mirror.requests).toEqual([]);
    },
  );

  it('a mirror that is no URL', async () => {
    expect(await code({ mirror: 'trixie' })).toBe('ANYARCH_MIRROR_UNKNOWN');
  });
});

describe('interruptions', () => {
  it('a cancelled fetch keeps what it has stored and can be repeated', async () => {
    await addBackports();
    const controller = new AbortController();
    const onProgress: FetchOptions['onProgress'] = ({ phase }) => {
      if (phase === 'unpack') controller.abort();
    };
    await expect(fetch({ signal: controller.signal, onProgress })).rejects.toThrowWithCode(
      'ANYARCH_CANCELLED',
    );
    expect(
      existsSync(join(home, 'store/temporary')) ? readdirSync(join(home, 'store/temporary')) : [],
    ).toEqual([]);
    expect(outcomes(await fetch()).every((outcome) => outcome.endsWith('11.1.3'))).toBe(true);
  });

  it('a download that was cut goes on, in the next command too', async () => {
    await addBackports({ padding: 300_000 });
    mirror.fail('pool/', { status: 500, times: 9 });
    mirror.fail('pool/', { cutAfter: 800_000, times: 1 });
    await expect(fetch()).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
    mirror.heal();
    mirror.requests.length = 0;
    expect(outcomes(await fetch())).toEqual(targets.map(() => 'fetched 11.1.3'));
    expect(mirror.requests.filter((request) => request.includes('pool/'))).toEqual([
      expect.stringMatching(/ bytes=[1-9]\d+-$/),
    ]);
  });

  it('several fetches at once agree', async () => {
    await addBackports({ padding: 100_000 });
    const reports = await Promise.all([
      fetch({ targets: ['arm', 'aarch64'] }),
      fetch({ targets: ['riscv64', 'arm'] }),
      fetch({ targets: ['s390x'] }),
    ]);
    expect(reports.flatMap(outcomes).every((outcome) => outcome.endsWith('11.1.3'))).toBe(true);
    const verified = await verifyEmulators(mirrorHost(home));
    expect(verified.map(({ target, outcome }) => `${target} ${outcome}`).sort()).toEqual(
      targets.map((target) => `${target} intact`),
    );
    expect(readdirSync(join(home, 'store/temporary'))).toEqual([]);
    expect(readdirSync(home).sort()).toEqual(['cache', 'emulators.json', 'store']);
  });

  it('nothing is written where nothing may be written', async () => {
    await addBackports();
    mkdirSync(join(home, 'emulators.json'));
    await expect(fetch()).rejects.toThrow();
  });
});
