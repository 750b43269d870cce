import { expect, test } from 'vitest';
import { fakeHost } from '../../../host/testing/fake-host.ts';
import { addImage, installDocker } from '../../testing/engines.ts';
import { examinationOf } from '../../testing/examination.ts';
import type { Symptom } from '../../symptom.ts';
import type { Verdict } from '../../verdict.ts';
import { imagePlatformDiffers } from './image-platform-differs.ts';

/** On an image for amd64. */
async function judge(byDefault: string, text = '', symptoms: readonly Symptom[] = []): Promise<Verdict> {
  const host = fakeHost({
    system: { environment: { PATH: '/usr/bin', DOCKER_DEFAULT_PLATFORM: byDefault } },
  });
  installDocker(host);
  addImage(host, 'app', 'linux/amd64');
  const message = { text, symptoms, tool: 'docker', program: undefined, architectures: [], lines: [] };
  return await imagePlatformDiffers.examine(examinationOf(host, { scope: 'docker', image: 'app', message }));
}

test('names the variable that asks for another platform', async () => {
  expect(await judge('linux/arm64')).toMatchObject({ status: 'fault', severity: 'note' });
  expect(await judge('linux/arm64', 'not found', ['image-not-found'])).toMatchObject({
    status: 'fault',
    severity: 'error',
    summary: 'docker has app for linux/amd64, and DOCKER_DEFAULT_PLATFORM asks for linux/arm64',
  });
  const said = 'does not match the specified platform: wanted linux/arm64/v8, actual: linux/amd64';
  expect(await judge('linux/arm64', said)).toMatchObject({
    certainty: 'proven',
    evidence: [
      expect.anything(),
      expect.stringContaining('DOCKER_DEFAULT_PLATFORM is linux/arm64'),
      expect.anything(),
    ],
  });
});

test('minds the variable neither where it is of the image nor where a platform was named', async () => {
  expect(await judge('linux/amd64')).toMatchObject({ status: 'ok' });
  expect(await judge('')).toMatchObject({ status: 'ok' });
  const typed = 'docker run --platform linux/amd64 app';
  expect(await judge('linux/arm64', typed, ['image-not-found'])).toMatchObject({ status: 'ok' });
});
