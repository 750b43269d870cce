import { absolutePath } from '../../core/absolute-path.ts';
import { AnyarchError } from '../../core/error.ts';
import { formatImagePlatform } from '../../core/oci/image-platform.ts';
import { imageFromDisk, type FromDiskOptions, type ImageOfDisk } from '../../machine/index.ts';
import type { Handler } from '../command.ts';
import type { imageFromDisk as command } from '../commands/image-from-disk.ts';
import { megabytes, withProgress } from '../progress.ts';
import type { Style } from '../style.ts';

export const handleImageFromDisk: Handler<(typeof command)['options']> = async ({
  options,
  positionals: [disk = ''],
  context,
}) => {
  const { host, signal, terminal } = context;
  const directory = process.cwd();
  if (options.output === undefined)
    throw new AnyarchError('ANYARCH_USAGE', 'image from-disk needs a place to write to', {
      hint: 'name one: --output PATH',
    });
  const output = absolutePath(options.output, directory);
  const image = await withProgress(context, (onProgress) =>
    imageFromDisk(host, {
      disk: absolutePath(disk, directory),
      output,
      format: (options.format ?? 'oci-archive') as FromDiskOptions['format'],
      compression: (options.compression ?? 'gzip') as FromDiskOptions['compression'],
      name: options.name,
      partition: options.partition,
      mirror: options.mirror,
      noFetch: options['no-fetch'],
      signal,
      onProgress,
    }),
  );
  for (const warning of image.warnings) host.log.warn(warning);
  return {
    exitCode: 0,
    document: { schema: 'anyarch/image-from-disk/1', ...image },
    text: formatImage(image, terminal.style),
  };
};

function formatImage(image: ImageOfDisk, style: Style): string {
  const { root, mounted } = image.disk;
  const volumes = [root, ...mounted].flatMap((one) =>
    one === undefined ? [] : [`${placeOf(one)} ${one.type}`],
  );
  return `${style.green('written')}  ${image.output}: ${image.name} for ${formatImagePlatform(image.platform)}
  digest ${image.digest}
  ${image.entries} files, ${megabytes(image.size)} MB, ${megabytes(image.packedSize)} MB packed; from ${volumes.join(', ')}
`;
}

function placeOf(volume: { readonly device: string } | { readonly where: string }): string {
  return 'where' in volume ? volume.where : '/';
}
