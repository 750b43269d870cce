import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mirrorHost } from '../../test/support/mirror-host.ts';
import { backports, oldStable, qemuPackage, stable } from '../../test/support/mirror-suites.ts';
import { createSigningKey } from '../../test/support/mirror-release.ts';
import { startMirror, type Mirror, type MirrorPackage } from '../../test/support/mirror.ts';
import { fetchEmulators, readCatalogue } from '../emulators/index.ts';
import { storedPath } from '../host/stored-path.ts';
import { hostPlatform } from './host-platform.ts';
import { buildImages, type BuildOptions, type BuildReport } from './index.ts';
import { imageOptions, makeImageSources, programFor, type ImageSources } from './testing/image-sources.ts';

const platforms = ['linux/amd64', 'linux/arm/v7'];
let mirror: Mirror;
let amd64: MirrorPackage;
let home: string;
let sources: ImageSources;

beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-images-'));
  sources = makeImageSources(platforms, []);
  amd64 = await qemuPackage({ ...backports, targets: ['aarch64', 'riscv64', 's390x'] });
  const armhf = await qemuPackage({
    ...stable,
    targets: ['aarch64'],
    architecture: 'armhf',
    programs: {
      aarch64: programFor('arm', `\0qemu-aarch64 version 10.0.13 (Debian ${stable.packageVersion})\n\0`),
    },
  });
  const old = await qemuPackage({
    ...oldStable,
    targets: ['riscv64'],
    architecture: 'armhf',
    programs: {
      riscv64: programFor('arm', `\0qemu-riscv64 version 7.2.22 (Debian ${oldStable.packageVersion})\n\0`),
    },
  });
  // QEMU 11 has left 32-bit hosts behind, so backports has no package for them.
  await mirror.addSuite({ suite: 'trixie-backports', packages: [amd64] });
  await mirror.addSuite({ suite: 'trixie', packages: [armhf], architectures: ['armhf'] });
  await mirror.addSuite({ suite: 'bookworm', packages: [old], architectures: ['armhf'] });
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
  rmSync(sources.directory, { recursive: true });
});

const fetch = () => ({ mirror: mirror.url, keyrings: [mirror.keyring], retryMs: 1 });

async function build(others: Partial<BuildOptions> = {}): Promise<BuildReport> {
  const wanted = { platforms, targets: ['aarch64', 'riscv64', 's390x'], tags: ['latest'] };
  const emulators = { kind: 'store', directory: join(home, 'cache/images'), fetch: fetch() } as const;
  return await buildImages(mirrorHost(home), imageOptions(sources, wanted, { emulators, ...others }));
}

it('takes for each platform the newest of each emulator that it can run, and says which are missing', async () => {
  const { tags, warnings, missing } = await build();
  expect(
    tags[0]!.images.map(({ platform, emulators }) => [
      platform.name,
      ...emulators.map(({ target, version, source }) => `${target} ${version} ${source?.architecture ?? ''}`),
    ]),
  ).toEqual([
    ['linux/amd64', 'aarch64 11.1.3 amd64', 'riscv64 11.1.3 amd64', 's390x 11.1.3 amd64'],
    ['linux/arm/v7', 'aarch64 10.0.13 armhf', 'riscv64 7.2.22 armhf'],
  ]);
  expect(warnings).toEqual([expect.stringMatching(/^linux\/arm\/v7: .* has no emulator for s390x$/)]);
  expect(missing).toEqual([{ platform: 'linux/arm/v7', target: 's390x', isRequired: false }]);
});

it('makes the same images whatever suite the same package was fetched from before', async () => {
  await mirror.addSuite({ suite: 'sid', packages: [amd64] });
  const from = async (suite: string, output: string, directory: string) => {
    const emulators = { kind: 'store', directory, fetch: { ...fetch(), suite } } as const;
    const cache = join(directory, 'layers');
    await build({ platforms: [hostPlatform('linux/amd64')], emulators, output, cache });
    return readdirSync(join(output, 'blobs/sha256')).sort();
  };
  const [used, fresh] = [join(home, 'used'), join(home, 'fresh')];
  await from('trixie-backports', join(home, 'before'), used);
  expect(await from('sid', join(home, 'a'), used)).toEqual(await from('sid', join(home, 'b'), fresh));
});

it.each([
  ['another signature', 'ANYARCH_SIGNATURE_INVALID'],
  ['a damaged package', 'ANYARCH_DIGEST_MISMATCH'],
])('does not take %s in an older suite for a missing emulator', async (what, code) => {
  const old = await qemuPackage({ ...oldStable, targets: ['riscv64'], architecture: 'armhf' });
  const signed = what === 'another signature' ? { signingKey: await createSigningKey() } : {};
  await mirror.addSuite({ suite: 'bookworm', packages: [old], architectures: ['armhf'], ...signed });
  if (what === 'a damaged package') mirror.fail('qemu-user-static', { flipAt: 100 });
  await expect(build()).rejects.toHaveProperty('code', code);
});

it('requires what a 32-bit host has in no suite only where older suites were not to be looked through', async () => {
  const emulators = {
    kind: 'store',
    directory: join(home, 'cache/images'),
    fetch: { ...fetch(), suite: 'trixie' },
  } as const;
  const platforms = [hostPlatform('linux/arm/v7')];
  const { missing } = await build({ emulators, platforms, targets: ['aarch64', 's390x'] });
  expect(missing).toEqual([{ platform: 'linux/arm/v7', target: 's390x', isRequired: true }]);
});

it('requires 32-bit emulators of all hosts', async () => {
  const { missing } = await build({ targets: ['aarch64', 'sh4'] });
  expect(missing).toEqual([
    { platform: 'linux/amd64', target: 'sh4', isRequired: true },
    { platform: 'linux/arm/v7', target: 'sh4', isRequired: true },
  ]);
});

it('leaves what this machine uses as it is', async () => {
  await fetchEmulators(mirrorHost(home), { ...fetch(), targets: ['aarch64'] });
  const before = readFileSync(join(home, 'emulators.json'), 'utf8');
  await build();
  expect(readFileSync(join(home, 'emulators.json'), 'utf8')).toBe(before);
  expect(existsSync(join(home, 'cache/images/emulators.json'))).toBe(true);
});

it('repairs a damaged emulator of the store instead of packing it', async () => {
  const first = await build();
  const directory = join(home, 'cache/images');
  const item = readCatalogue(mirrorHost(home).files, directory).emulators['s390x']!.items[0]!;
  writeFileSync(storedPath(directory, item), 'hostile');
  const others = { output: join(sources.directory, 'again'), cache: join(sources.directory, 'other-layers') };
  const second = await build(others);
  expect(second.layers.cached).toBe(0);
  expect(second.tags[0]!.descriptor).toEqual(first.tags[0]!.descriptor);
});
