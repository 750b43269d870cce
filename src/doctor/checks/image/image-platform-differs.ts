import { defineCheck } from '../../check.ts';
import { engineImage, platformOf } from '../../facts/image/engine-image.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { isSamePlatform } from '../../facts/image/suits-platform.ts';
import {
  defaultPlatform,
  platformVariable,
  saysNotInIndex,
  wantedPlatforms,
} from '../../facts/image/wanted-platforms.ts';

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
    const { engine, reference } = image;
    const said = wantedPlatforms(examination);
    const byDefault = defaultPlatform(examination, engine.name);
    const differing = (platform: string | undefined): string | undefined =>
      platform === undefined || isSamePlatform(platform, own) ? undefined : platform;
    const saidWanted = said.find((one) => differing(one) !== undefined);
    // A platform that was named counts more than the variable.
    const wanted = saidWanted ?? (said.length === 0 ? differing(byDefault) : undefined);
    if (wanted === undefined)
      return {
        status: 'ok',
        evidence: [`${engine.name} has ${reference} for ${own}, and no other was asked for`],
      };
    const isByDefault = byDefault !== undefined && isSamePlatform(wanted, byDefault);
    const isSaid =
      saidWanted !== undefined || isAskedAbout(examination, ['wrong-platform', 'image-not-found']);
    return {
      status: 'fault',
      severity: isSaid ? 'error' : 'note',
      certainty: saidWanted === undefined ? 'likely' : 'proven',
      summary: isByDefault
        ? `${engine.name} has ${reference} for ${own}, and ${platformVariable} asks for ${wanted}`
        : `${engine.name} has ${reference} for ${own}, and ${wanted} was asked for`,
      evidence: [
        `${engine.name} image inspect: ${own}`,
        ...(isByDefault ? [`${platformVariable} is ${byDefault}, which counts without --platform`] : []),
        ...(saidWanted === undefined ? [] : [`the message says that ${wanted} was wanted`]),
      ],
      remedies: [
        {
          does: `pull it for ${wanted}`,
          command: [engine.name, 'pull', '--platform', wanted, reference],
          by: 'user',
        },
        ...(isByDefault
          ? [{ does: `or unset ${platformVariable}, where ${own} is wanted`, by: 'user' as const }]
          : []),
        {
          does: 'or run both side by side, each unpacked by its digest',
          command: ['anyarch', 'run', '-a', wanted, '--image', reference],
          by: 'user',
        },
      ],
    };
  },
});
