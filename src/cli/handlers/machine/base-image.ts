import { absolutePath } from '../../../core/absolute-path.ts';
import { AnyarchError } from '../../../core/error.ts';
import {
  debianEnginePackages,
  isContainerReference,
  obtainCloudImage,
  obtainContainerDisk,
  obtainDebianImage,
  refuseWrongDisk,
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

/** What `--image` names. */
type NamedImage =
  /** Made of packages. @param suite default: that of the machine's kernel */
  | { readonly kind: 'debian'; readonly suite: string | undefined }
  | { readonly kind: 'container'; readonly reference: string }
  /** @param place an absolute path, or a URL of http or https */
  | { readonly kind: 'cloud'; readonly place: string; readonly isRemote: boolean };

/** @throws AnyarchError ANYARCH_USAGE */
function namedImage({ image = 'debian' }: CreateOptions): NamedImage {
  const debian = /^debian(?::([a-z][a-z0-9.-]*))?$/.exec(image);
  if (debian !== null) return { kind: 'debian', suite: debian[1] };
  if (image.startsWith('debian:'))
    throw new AnyarchError('ANYARCH_USAGE', `--image ${image}: that is no suite of Debian`, {
      hint: '--image debian, or --image debian:trixie',
    });
  if (isContainerReference(image)) return { kind: 'container', reference: image };
  const isRemote = /^https?:\/\//i.test(image);
  return { kind: 'cloud', place: isRemote ? image : absolutePath(image, process.cwd()), isRemote };
}

/**
 * Refuses what can be seen to be wrong before anything is fetched for it.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_FILE, ANYARCH_DISK_INVALID, ANYARCH_DISK_ARCHITECTURE
 */
export function refuseWrongImage(
  { host }: Context,
  { definition }: MachineRequest,
  options: CreateOptions,
): void {
  const named = namedImage(options);
  if (named.kind === 'cloud' && !named.isRemote) refuseWrongDisk(host, named.place, definition);
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
  const { mirror, sums } = options;
  const noFetch = options['no-fetch'] === true;
  const allowExpired = options['allow-expired'] === true;
  const named = namedImage(options);
  if (named.kind === 'debian') {
    const { suite } = named;
    // Packages are installed once, and not under emulation at each machine's first start.
    const made = suite ?? definition.kernel.suite;
    const packages = [...(engine === undefined ? [] : debianEnginePackages(engine, made)), ...guest.packages];
    const request = { suite, packages, mirror, noFetch, allowExpired, signal, onProgress };
    return { base: await obtainDebianImage(host, definition, request), hasPackages: true };
  }
  if (named.kind === 'container') {
    const request = { directory: process.cwd(), mirror, noFetch, allowExpired, signal, onProgress };
    return {
      base: await obtainContainerDisk(host, definition, named.reference, request),
      hasPackages: false,
    };
  }
  const base = await obtainCloudImage(host, named.place, {
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
