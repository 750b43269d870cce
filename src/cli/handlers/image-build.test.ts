import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { imageHost, makeImageSources, type ImageSources } from '../../image/testing/image-sources.ts';
import type { OptionValues } from '../command.ts';
import type { imageBuild } from '../commands/image.ts';
import { testContext } from '../testing/test-context.ts';
import { handleImageBuild } from './image-build.ts';

let sources: ImageSources;
let home: string;

beforeEach(() => {
  sources = makeImageSources(['linux/amd64', 'linux/s390x'], ['aarch64']);
  home = mkdtempSync(join(tmpdir(), 'anyarch-home-'));
});
afterEach(() => {
  for (const path of [sources.directory, home]) rmSync(path, { recursive: true });
});

async function build(output: string, options: OptionValues<(typeof imageBuild)['options']>) {
  const host = imageHost();
  const system = { ...host.system, environment: { ANYARCH_HOME: home } };
  return await handleImageBuild({
    options: {
      output: join(sources.directory, output),
      platform: ['linux/amd64', 'linux/s390x'],
      tag: ['latest'],
      emulators: sources.emulators,
      program: sources.programs,
      ...options,
    },
    positionals: [],
    context: testContext({ ...host, system }),
  });
}

it('ends with 3 and names what is missing though it was asked for', async () => {
  const partial = await build('partial', { arch: ['arm64,riscv64'] });
  expect(partial).toMatchObject({
    exitCode: 3,
    errorText: expect.stringMatching(
      /^anyarch: the images for linux\/amd64 lack riscv64\nanyarch: the images for linux\/s390x lack riscv64\n {2}next: .*--allow-missing\n$/,
    ) as string,
    document: {
      missing: [
        { platform: 'linux/amd64', target: 'riscv64', isRequired: true },
        { platform: 'linux/s390x', target: 'riscv64', isRequired: true },
      ],
    },
  });
  expect(partial.text).toContain('latest');
  const allowed = await build('allowed', { arch: ['arm64,riscv64'], 'allow-missing': true });
  expect(allowed.exitCode).toBe(0);
  expect(allowed).not.toHaveProperty('errorText');
});

it('ends with 0 when a platform has some of all, and with 3 when it has none', async () => {
  expect(await build('some', {})).toMatchObject({ exitCode: 0 });
  rmSync(join(sources.emulators, 'linux-s390x'), { recursive: true });
  expect(await build('none', { arch: ['all'] })).toMatchObject({
    exitCode: 3,
    errorText: expect.stringMatching(
      /^anyarch: the images for linux\/s390x lack aarch64, .*xtensaeb\n/,
    ) as string,
  });
});
