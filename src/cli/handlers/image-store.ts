import { AnyarchError } from '../../core/error.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { storedReferences } from '../../image-source/index.ts';
import {
  listImages,
  pruneImages,
  removeImages,
  verifyImages,
  type RemovedImage,
} from '../../image-store/index.ts';
import type { Context, Handler, Outcome } from '../command.ts';
import type { imageList, imagePrune, imageRemove, imageVerify } from '../commands/image-store.ts';
import { formatImages, formatRemoved, formatVerified } from '../reports/image-store.ts';
import type { Style } from '../style.ts';

export const handleImageList: Handler<(typeof imageList)['options']> = ({ context }) => {
  const { host, terminal } = context;
  const images = listImages(host, stateDirectory(host.system));
  return {
    exitCode: 0,
    document: { schema: 'anyarch/image-list/1', images },
    text: formatImages(images, terminal.style),
  };
};

export const handleImageVerify: Handler<(typeof imageVerify)['options']> = async ({
  positionals,
  context,
}) => {
  const { host, terminal, signal } = context;
  const names = namesInStore(context, positionals);
  const images = await verifyImages(host, stateDirectory(host.system), names, { signal });
  const bad = images.filter(({ outcome }) => outcome !== 'intact').length;
  return {
    exitCode: bad === 0 ? 0 : bad === images.length ? 1 : 3,
    document: { schema: 'anyarch/image-verify/1', images: images.map(withErrorAsData) },
    text: formatVerified(images, terminal.style),
  };
};

export const handleImageRemove: Handler<(typeof imageRemove)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const { host, terminal } = context;
  const dryRun = options['dry-run'] === true;
  const names = namesInStore(context, positionals);
  const images = await removeImages(host, stateDirectory(host.system), names, { dryRun });
  // Who names an image that is in use has not got what was asked for.
  return removalOutcome('anyarch/image-remove/1', images, { dryRun, style: terminal.style, stays: true });
};

export const handleImagePrune: Handler<(typeof imagePrune)['options']> = async ({ options, context }) => {
  const { host, terminal } = context;
  const dryRun = options['dry-run'] === true;
  const olderThanMs = daysIn(options['older-than']) * 24 * 3600 * 1000;
  const images = await pruneImages(host, stateDirectory(host.system), { dryRun, olderThanMs });
  return removalOutcome('anyarch/image-prune/1', images, { dryRun, style: terminal.style, stays: false });
};

/** References as the store has them, in the place of what is one of them; the rest is for the store to judge. */
function namesInStore({ host }: Context, names: readonly string[]): string[] {
  const known = listImages(host, stateDirectory(host.system)).flatMap(({ references }) => references);
  const found = names.flatMap((name) => {
    const meant = storedReferences(host, known, name, process.cwd());
    return meant.length > 0 ? meant : [name];
  });
  return [...new Set(found)];
}

function removalOutcome(
  schema: string,
  images: readonly RemovedImage[],
  options: { readonly dryRun: boolean; readonly style: Style; readonly stays: boolean },
): Outcome {
  const bad = images.filter(
    ({ outcome }) => outcome === 'failed' || (options.stays && outcome === 'in-use'),
  ).length;
  return {
    exitCode: bad === 0 ? 0 : bad === images.length ? 1 : 3,
    document: { schema, dryRun: options.dryRun, images: images.map(withErrorAsData) },
    text: formatRemoved(images, options),
  };
}

/** @throws AnyarchError ANYARCH_USAGE */
function daysIn(text: string | undefined): number {
  if (text === undefined) return 30;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new AnyarchError('ANYARCH_USAGE', `--older-than ${text}: that is no number of days`, {
    hint: 'anyarch image prune --older-than 7',
  });
}

function withErrorAsData({ error, ...rest }: { readonly error?: AnyarchError }): unknown {
  if (error === undefined) return rest;
  const { code, message, hint } = error;
  return { ...rest, error: { code, message, hint } };
}
