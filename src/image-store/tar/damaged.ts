import { AnyarchError } from '../../core/error.ts';

/** @param what is wrong, as the end of a sentence */
export function damaged(what: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', `a layer's tar ${what}`, {
    hint: 'nothing of the image was kept; have it built again, or look at it with "anyarch image inspect"',
  });
}
