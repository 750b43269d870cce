import { expect, test } from 'vitest';
import { buildProbe } from '../../../core/probe/probe.ts';
import { fakeHost } from '../../../host/testing/fake-host.ts';
import type { Check } from '../../check.ts';
import type { Verdict } from '../../verdict.ts';
import { addImage, installDocker } from '../../testing/engines.ts';
import { examinationOf } from '../../testing/examination.ts';
import { imageLacksPlatform } from './image-lacks-platform.ts';
import { imageMislabelled } from './image-mislabelled.ts';
import { imageNotHere } from './image-not-here.ts';
import { imagePlatformDiffers } from './image-platform-differs.ts';

async function judge(
  check: Check,
  { platform, program, text = '' }: { platform?: string; program?: string; text?: string },
): Promise<Verdict> {
  const host = fakeHost();
  installDocker(host);
  if (platform !== undefined)
    addImage(host, 'app', platform, program === undefined ? undefined : buildProbe(program));
  const message = { text, symptoms: [], tool: 'docker', program: undefined, architectures: [], lines: [] };
  // No registry is asked for what is an engine's.
  return await check.examine(examinationOf(host, { scope: 'docker', image: 'docker-daemon:app', message }));
}

test('compares what an image says with its program', async () => {
  expect(await judge(imageMislabelled, { platform: 'linux/amd64', program: 's390x' })).toMatchObject({
    status: 'fault',
    certainty: 'proven',
    summary: 'app says that it is for linux/amd64, and its programs are for s390x',
    architectures: ['s390x'],
  });
  expect(await judge(imageMislabelled, { platform: 'linux/s390x', program: 's390x' })).toMatchObject({
    status: 'ok',
  });
  // Programs of 32 bits in an image of 64: both run.
  expect(await judge(imageMislabelled, { platform: 'linux/amd64', program: 'i386' })).toMatchObject({
    status: 'ok',
  });
  expect(await judge(imageMislabelled, { platform: 'linux/amd64' })).toMatchObject({ status: 'unknown' });
});

test.each([
  ['linux/arm64', 'arm', 'ok'],
  ['linux/arm/v7', 'aarch64', 'fault'],
  ['linux/386', 'x86_64', 'fault'],
  ['linux/mips64le', 'mipsel', 'ok'],
  ['linux/mips64le', 'mips64', 'fault'],
] as const)(
  'takes programs of 32 bits in an image of 64, and no others: %s, %s',
  async (platform, program, status) => {
    expect(await judge(imageMislabelled, { platform, program })).toMatchObject({ status });
  },
);

test('leaves nothing behind of looking into an image', async () => {
  const host = fakeHost();
  installDocker(host);
  addImage(host, 'app', 'linux/amd64', buildProbe('s390x'));
  await imageMislabelled.examine(examinationOf(host, { scope: 'docker', image: 'app' }));
  expect(host.files.list('/tmp')).toEqual([]);
  const containers = host.processes.runs.filter(({ command }) => command.includes('--name'));
  const [name] = containers.map(({ command }) => command[command.indexOf('--name') + 1]);
  expect(host.processes.runs.at(-1)?.command.slice(1)).toEqual(['rm', '--force', '--volumes', name]);
});

test.each([
  ['linux/arm64', 'wanted linux/s390x, actual: linux/arm64', 'fault'],
  ['linux/arm64', 'wanted linux/arm64/v8, actual: linux/amd64', 'ok'],
  ['linux/arm/v7', 'wanted linux/arm/v6, actual: linux/arm/v7', 'fault'],
  ['linux/arm', 'wanted linux/arm/v6, actual: linux/arm', 'ok'],
  ['linux/arm64', 'and is otherwise well', 'ok'],
] as const)('compares an image for %s with what was %s: %s', async (platform, words, status) => {
  const text = `image with reference app was found but does not match the specified platform: ${words}`;
  expect(await judge(imagePlatformDiffers, { platform, text })).toMatchObject({ status });
});

test.each([
  ['docker: no matching manifest for linux/riscv64 in the manifest list entries.', 'linux/riscv64'],
  ['no image found in manifest list for architecture riscv64, variant "", OS linux', 'linux/riscv64'],
  ['Error: no image found in image index for architecture "arm", variant "v6", OS "linux"', 'linux/arm/v6'],
])('reads which platform a registry lacks: %s', async (text, platform) => {
  expect(await judge(imageLacksPlatform, { text })).toMatchObject({
    status: 'fault',
    summary: `docker-daemon:app does not exist for ${platform}`,
  });
});

test('has nothing to say where no registry was read', async () => {
  expect(await judge(imageLacksPlatform, { text: 'exec format error' })).toMatchObject({ status: 'skipped' });
});

test('tells an image that the engine does not have', async () => {
  expect(await judge(imageNotHere, {})).toMatchObject({
    status: 'fault',
    remedies: [{ command: ['docker', 'pull', 'app'] }],
  });
  expect(await judge(imageNotHere, { platform: 'linux/arm64' })).toMatchObject({ status: 'ok' });
});
