import { imagePlatform } from '../../core/oci/image-platform.ts';
import { parseReference } from '../../core/oci/reference.ts';
import { parsePlatform } from '../../core/platform.ts';
import { pullImage, pushImages, type Pulled, type PushResult } from '../../registry/index.ts';
import type { Handler } from '../command.ts';
import type { imagePull, imagePush } from '../commands/image-transfer.ts';
import { withProgress } from '../progress.ts';
import type { Style } from '../style.ts';
import { connectionOptions } from './registry-options.ts';

export const handleImagePush: Handler<(typeof imagePush)['options']> = async ({
  options,
  positionals: [layout = '', ...texts],
  context,
}) => {
  const references = texts.map(parseReference);
  const results = await withProgress(context, (onProgress) =>
    pushImages(context.host, layout, references, {
      ...connectionOptions(options),
      image: options.image,
      allTags: options['all-tags'],
      mountFrom: options['mount-from'],
      signal: context.signal,
      onProgress,
    }),
  );
  const [first, ...others] = results;
  if (first?.outcome === 'failed' && others.length === 0) throw first.error;
  const failed = results.filter(({ outcome }) => outcome === 'failed').length;
  return {
    exitCode: failed === 0 ? 0 : failed === results.length ? 1 : 3,
    document: { schema: 'anyarch/image-push/1', images: results.map(asData) },
    text: results.map((result) => formatPushed(result, context.terminal.style)).join(''),
  };
};

export const handleImagePull: Handler<(typeof imagePull)['options']> = async ({
  options,
  positionals: [text = '', directory = ''],
  context,
}) => {
  const reference = parseReference(text);
  const platform =
    options.platform === undefined ? undefined : imagePlatform(parsePlatform(options.platform));
  const pulled = await withProgress(context, (onProgress) =>
    pullImage(context.host, reference, directory, {
      ...connectionOptions(options),
      platform,
      referrers: options.referrers,
      signal: context.signal,
      onProgress,
    }),
  );
  return {
    exitCode: 0,
    document: { schema: 'anyarch/image-pull/1', ...pulled, directory },
    text: formatPulled(pulled, directory, context.terminal.style),
  };
};

function asData(result: PushResult): unknown {
  if (result.outcome !== 'failed') return result;
  const { code, message, hint, details } = result.error;
  return { ...result, error: { code, message, hint, details } };
}

function formatPushed(result: PushResult, style: Style): string {
  if (result.outcome === 'failed') {
    const { code, message, hint } = result.error;
    const next = hint === undefined ? '' : `  next: ${hint}\n`;
    return `${style.red('failed')}  ${result.reference}: ${message} [${code}]\n${next}`;
  }
  const { blobs, uploadedBytes, referrers, reference, digest } = result;
  const parts = [
    `${blobs.uploaded} blobs uploaded (${megabytes(uploadedBytes)} MB)`,
    ...(blobs.mounted > 0 ? [`${blobs.mounted} mounted`] : []),
    ...(blobs.present > 0 ? [`${blobs.present} there already`] : []),
    ...(referrers > 0 ? [`${referrers} referrers`] : []),
  ];
  return `${style.green('pushed')}  ${reference}@${digest}: ${parts.join(', ')}\n`;
}

function formatPulled(
  { reference, digest, blobs, downloadedBytes }: Pulled,
  directory: string,
  style: Style,
): string {
  const there = blobs.present > 0 ? `, ${blobs.present} there already` : '';
  const name = reference.includes('@') ? reference : `${reference}@${digest}`;
  return `${style.green('pulled')}  ${name} into ${directory}: ${blobs.downloaded} blobs downloaded (${megabytes(downloadedBytes)} MB)${there}\n`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
