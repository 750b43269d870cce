import { lookUpArchitecture } from '../../../core/architecture.ts';
import { defineCheck } from '../../check.ts';
import { engineImage, platformOf } from '../../facts/image/engine-image.ts';
import { declaredArchitecture } from '../../facts/image/image-program.ts';
import { saysNotInIndex, wantedPlatforms } from '../../facts/image/wanted-platforms.ts';

export const imagePlatformDiffers = defineCheck({
  id: 'image-platform-differs',
  question: 'Is the image that is here of the platform that was asked for?',
  severity: 'error',
  explanation:
    'Engines keep one platform under a name: whoever pulled last, decides. With --platform another one is then "not found" or does not match; without it the image of the other platform is run, with a warning that is easily overlooked, and fails with "exec format error" where nothing emulates it.',
  remedy: 'docker pull --platform linux/arm64 REF',
  symptoms: ['wrong-platform', 'image-not-found', 'exec-format-error'],
  examine: (examination) => {
    const image = engineImage(examination);
    if (image?.state !== 'found') return { status: 'skipped', reason: 'no image of an engine was found' };
    if (saysNotInIndex(examination.message?.text ?? ''))
      return {
        status: 'skipped',
        reason: 'its registry lacks the platform, which image-lacks-platform is about',
      };
    const own = platformOf(image);
    const declared = declaredArchitecture(image);
    const [wanted] = wantedPlatforms(examination).filter((one) => one !== own && !isSame(one, own, declared));
    const { engine, reference } = image;
    if (wanted === undefined)
      return {
        status: 'ok',
        evidence: [`${engine.name} has ${reference} for ${own}, and no other was asked for`],
      };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `${engine.name} has ${reference} for ${own}, and ${wanted} was asked for`,
      evidence: [`${engine.name} image inspect: ${own}`, `the message says that ${wanted} was wanted`],
      remedies: [
        {
          does: `pull it for ${wanted}`,
          command: [engine.name, 'pull', '--platform', wanted, reference],
          by: 'user',
        },
        {
          does: 'or run both side by side, each unpacked by its digest',
          command: ['anyarch', 'run', '-a', wanted, '--image', reference],
          by: 'user',
        },
      ],
    };
  },
});

/** The same with another spelling: arm64 and arm64/v8; of 32-bit arm a variant that is named on both sides has to agree. */
function isSame(wanted: string, own: string, declared: string | undefined): boolean {
  const variantOf = (one: string): string | undefined => one.split('/')[2];
  const sameName = lookUpArchitecture(wanted)?.name === declared && declared !== undefined;
  if (declared !== 'arm') return sameName;
  const [a, b] = [variantOf(wanted), variantOf(own)];
  return sameName && (a === undefined || b === undefined || a === b);
}
