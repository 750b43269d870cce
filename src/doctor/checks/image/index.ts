import type { Check } from '../../check.ts';
import { imageLacksPlatform } from './image-lacks-platform.ts';
import { imageMislabelled } from './image-mislabelled.ts';
import { imageNotHere } from './image-not-here.ts';
import { imagePlatformDiffers } from './image-platform-differs.ts';

export const imageChecks: readonly Check[] = [
  imageMislabelled,
  imageLacksPlatform,
  imagePlatformDiffers,
  imageNotHere,
];
