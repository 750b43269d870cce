import { defineCheck } from '../../check.ts';
import { engineImage, platformOf } from '../../facts/image/engine-image.ts';
import { wantedPlatforms } from '../../facts/image/wanted-platforms.ts';

export const imageNotHere = defineCheck({
  id: 'image-not-here',
  question: 'Has the engine the image?',
  severity: 'error',
  explanation:
    "The engine does not have an image of this name: it has never been pulled, it is in the storage of another engine or of another user (root's and a user's are two, docker's and podman's, too), or its name is spelt otherwise.",
  remedy: 'docker pull --platform linux/arm64 REF',
  symptoms: ['image-not-found'],
  examine: (examination) => {
    const image = engineImage(examination);
    if (image === undefined) return { status: 'skipped', reason: 'no image of an engine was named' };
    const { engine, reference } = image;
    if (image.state === 'found')
      return { status: 'ok', evidence: [`${engine.name} has ${reference}, for ${platformOf(image)}`] };
    const [platform] = wantedPlatforms(examination);
    const isLocal = reference.startsWith('localhost/');
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'likely',
      summary: `${engine.name} has no image ${reference}`,
      evidence: [image.reason],
      remedies: [
        isLocal
          ? { does: 'look what it is called', command: [engine.name, 'images'], by: 'user' }
          : {
              does: 'pull it',
              command: [
                engine.name,
                'pull',
                ...(platform === undefined ? [] : ['--platform', platform]),
                reference,
              ],
              by: 'user',
            },
      ],
    };
  },
});
