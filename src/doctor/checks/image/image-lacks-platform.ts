import { formatImagePlatform } from '../../../core/oci/image-platform.ts';
import { defineCheck } from '../../check.ts';
import { namedEngine } from '../../facts/engines/engines.ts';
import { offeredPlatforms } from '../../facts/image/offered-platforms.ts';
import { isSamePlatform, suitsPlatform } from '../../facts/image/suits-platform.ts';
import {
  defaultPlatform,
  platformVariable,
  saysNotInIndex,
  wantedPlatforms,
} from '../../facts/image/wanted-platforms.ts';
import type { Remedy } from '../../verdict.ts';

export const imageLacksPlatform = defineCheck({
  id: 'image-lacks-platform',
  question: 'Is there an image for the platform that was asked for?',
  severity: 'error',
  explanation:
    'Registries keep an image for each platform under one name, listed in an index. Where the platform that is asked for is not in it, no emulator helps: nobody has built that image. For arm the variant counts: v7 programs do not suit a v6 platform, while engines take v6 or v5 where v7 is wanted.',
  remedy: 'another tag, one of the platforms that there are, or: anyarch build --platform P -t NAME DIR',
  symptoms: ['wrong-platform', 'image-not-found'],
  examine: async (examination) => {
    const { message, image } = examination;
    if (message === undefined || !saysNotInIndex(message.text))
      return { status: 'skipped', reason: 'nothing says that a registry lacks the platform' };
    const wanted = wantedPlatforms(examination);
    const offered = await offeredPlatforms(examination);
    const names = offered?.map(formatImagePlatform) ?? [];
    const [first] = offered ?? [];
    const platform = wanted.join(', ') || 'this platform';
    const isThere = wanted.some((one) => names.some((its) => suitsPlatform(one, its)));
    if (isThere) return { status: 'ok', evidence: [`its registry has it by now: ${names.join(', ')}`] };
    const byDefault = defaultPlatform(examination, namedEngine(examination));
    const isByDefault = byDefault !== undefined && wanted.some((one) => isSamePlatform(one, byDefault));
    const build: Remedy = {
      does: `ask its publisher for ${platform}, or build it: anyarch build --platform ${platform} -t NAME DIR`,
      by: 'user',
    };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `${image ?? 'the image'} does not exist for ${platform}`,
      evidence: [
        'the engine says so, having read the index',
        offered === undefined ? 'the registry was not asked' : `its registry has ${names.join(', ')}`,
        ...(isByDefault ? [`${platformVariable} is ${byDefault}, which counts without --platform`] : []),
      ],
      remedies: [
        isByDefault
          ? {
              does: `unset ${platformVariable}, unless ${byDefault} is meant, and try again`,
              by: 'user',
            }
          : build,
        ...(isByDefault ? [build] : []),
        ...(first === undefined || image === undefined
          ? []
          : [
              {
                does: 'or take a platform that there is, emulated where need be',
                command: ['anyarch', 'run', '-a', formatImagePlatform(first), '--image', image],
                by: 'user' as const,
              },
            ]),
      ],
    };
  },
});
