import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeSeed, seedFiles } from '../../src/machine/seed/make-seed.ts';
import type { SeedOptions } from '../../src/machine/seed/options.ts';
import { succeed } from '../support/command.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const options: SeedOptions = {
  instanceId: 'an-instance',
  hostname: 'demo',
  user: 'debian',
  authorizedKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ a@b'],
  modifiedMs: Date.UTC(2026, 0, 2, 3, 4, 5),
};
const names = ['user-data', 'meta-data', 'network-config'] as const;
let seed: string;

beforeAll(() => {
  seed = join(temporaryDirectory('seed'), 'seed.iso');
  writeFileSync(seed, makeSeed(options));
});

const output = async (...command: string[]): Promise<string> => (await succeed(command)).stdout;

/** Programs of others read the seed, each by another way to the names. */
describe('a seed', () => {
  it.each([
    ['Rock Ridge', '-R', ''],
    ['Joliet', '-J', ''],
    ['nothing but ISO 9660', '', '.;1'],
  ])('is read by isoinfo with %s', async (_, flag, version) => {
    for (const name of names) {
      const path = flag === '' ? `/${name.toUpperCase().replaceAll('-', '_')}${version}` : `/${name}`;
      const words = ['isoinfo', '-i', seed, ...(flag === '' ? [] : [flag]), '-x', path];
      expect(await output(...words)).toBe(seedFiles(options)[name]);
    }
  });

  it('is called cidata, by which cloud-init finds it', async () => {
    expect(
      (await output('blkid', '-p', '-s', 'LABEL', '-s', 'TYPE', '-o', 'export', seed)).split('\n'),
    ).toEqual(expect.arrayContaining(['LABEL=cidata', 'TYPE=iso9660']));
  });

  it('is extracted by xorriso and by libarchive', async () => {
    for (const extract of [
      (to: string) => ['xorriso', '-osirrox', 'on', '-indev', seed, '-extract', '/', to],
      (to: string) => ['bsdtar', '-xf', seed, '-C', to],
    ]) {
      const to = temporaryDirectory('extracted');
      await succeed(extract(to));
      for (const name of names) expect(await output('cat', join(to, name))).toBe(seedFiles(options)[name]);
      expect(await output('cat', join(to, 'anyarch/user'))).toBe('debian\n');
      expect(await output('stat', '-c', '%a', join(to, 'anyarch/user'))).toBe('400\n');
    }
  });
});
