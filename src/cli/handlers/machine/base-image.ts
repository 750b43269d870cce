import { absolutePath } from '../../../core/absolute-path.ts';
import { AnyarchError } from '../../../core/error.ts';
import {
  debianEnginePackages,
  isContainerReference,
  obtainCloudImage,
  obtainContainerDisk,
  obtainDebianImage,
  type BaseImage,
  type MachineRequest,
  type Tools,
} from '../../../machine/index.ts';
import type { Progress } from '../../../transfer/index.ts';
import type { Context } from '../../command.ts';
import type { CreateOptions } from './request.ts';

interface Obtaining {
  readonly tools: Tools;
  readonly onProgress: (progress: Progress) => void;
}

/** The image that was asked for, and whether the packages that were are in it already. */
export interface ObtainedImage {
  readonly base: BaseImage;
  readonly hasPackages: boolean;
}

/**
 * Finds, fetches or makes what `--image` names.
 *
 * @throws AnyarchError what the kinds of images throw
 */
export async function obtainBaseImage(
  { host, signal }: Context,
  { definition, engine, guest }: MachineRequest,
  options: CreateOptions,
  { tools, onProgress }: Obtaining,
): Promise<ObtainedImage> {
  const { image = 'debian', mirror, sums } = options;
  const noFetch = options['no-fetch'] === true;
  const allowExpired = options['allow-expired'] === true;
  const [, suite]: readonly (string | null | undefined)[] = /^debian(?::([a-z][a-z0-9.-]*))?$/.exec(
    image,
  ) ?? [image, null];
  if (suite !== null) {
    // Packages are installed once, and not under emulation at each machine's first start.
    const made = suite ?? definition.kernel.suite;
    const packages = [...(engine === undefined ? [] : debianEnginePackages(engine, made)), ...guest.packages];
    const request = { suite, packages, mirror, noFetch, allowExpired, signal, onProgress };
    return { base: await obtainDebianImage(host, definition, request), hasPackages: true };
  }
  if (image.startsWith('debian:'))
    throw new AnyarchError('ANYARCH_USAGE', `--image ${image}: that is no suite of Debian`, {
      hint: '--image debian, or --image debian:trixie',
    });
  if (isContainerReference(image)) {
    const request = { directory: process.cwd(), mirror, noFetch, allowExpired, signal, onProgress };
    return { base: await obtainContainerDisk(host, definition, image, request), hasPackages: false };
  }
  const isRemote = /^https?:\/\//i.test(image);
  const base = await obtainCloudImage(host, isRemote ? image : absolutePath(image, process.cwd()), {
    definition,
    imageTool: { command: tools.command('qemu-img'), environment: tools.environment },
    noFetch,
    sums: sums === undefined || /^https?:\/\//i.test(sums) ? sums : absolutePath(sums, process.cwd()),
    digest: options.digest,
    keyring: options['image-keyring'],
    noVerify: options['no-verify'],
    signal,
    onProgress,
  });
  return { base, hasPackages: false };
}
