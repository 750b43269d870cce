import { lookUpArchitecture } from '../../../core/architecture.ts';
import type { Architecture } from '../../../core/architecture.ts';
import { AnyarchError } from '../../../core/error.ts';
import { formatImagePlatform, imagePlatform, type ImagePlatform } from '../../../core/oci/image-platform.ts';
import { parsePlatform } from '../../../core/platform.ts';
import { stateDirectory } from '../../../host/state-directory.ts';
import {
  containerCommand,
  containerDirectory,
  containerEnvironment,
  containerUser,
  obtainImage,
  programArchitecture,
  type ObtainedImage,
} from '../../../image-source/index.ts';
import { useImage } from '../../../image-store/index.ts';
import { withOwnGroup } from '../../../run/index.ts';
import type { Context, Invocation, Outcome } from '../../command.ts';
import type { run } from '../../commands/run.ts';
import { withProgress } from '../../progress.ts';
import { obtainEmulator } from '../obtain.ts';
import { connectionOptions } from '../registry-options.ts';
import { guestBinds, type GuestEmulator } from './guest-binds.ts';
import { guestOptions } from './guest-options.ts';
import { isNative, isNative32 } from './native.ts';
import { runWatched, type WatchedRun } from './watched.ts';

type RunInvocation = Invocation<(typeof run)['options']>;

/** `anyarch run --image REF`. */
export async function runImage(invocation: RunInvocation, image: string): Promise<Outcome> {
  const { options, context } = invocation;
  if (options.rootfs !== undefined)
    throw new AnyarchError('ANYARCH_USAGE', '--image and --rootfs exclude each other', {
      hint: 'an image brings its own root file system; -v makes further directories visible',
    });
  const { obtained, release } = await obtainForUse(invocation, image);
  try {
    return await runWatched(context, options, await guestOf(invocation, obtained));
  } finally {
    release();
  }
}

/** Another command may remove the image before it is marked as used: then it is obtained once more. */
async function obtainForUse(
  invocation: RunInvocation,
  image: string,
): Promise<{ readonly obtained: ObtainedImage; readonly release: () => void }> {
  const obtained = await obtain(invocation, image);
  const { host } = invocation.context;
  try {
    return { obtained, release: useImage(host, obtained.stored) };
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_IMAGE_NOT_STORED') throw error;
    const again = await obtain(invocation, image);
    return { obtained: again, release: useImage(host, again.stored) };
  }
}

async function obtain({ options, context }: RunInvocation, image: string): Promise<ObtainedImage> {
  const platform = options.arch === undefined ? undefined : imagePlatform(parsePlatform(options.arch));
  return await withProgress(context, (onProgress) =>
    obtainImage(context.host, image, {
      state: stateDirectory(context.host.system),
      directory: process.cwd(),
      platform,
      pull: pullPolicy(options.pull),
      connection: connectionOptions(options),
      signal: context.signal,
      onProgress,
      onUnpacking: ({ layer, layers, bytes, totalBytes }) => {
        const subject = `${image}, layer ${layer} of ${layers}`;
        onProgress({ phase: 'unpack', subject, received: bytes, total: totalBytes });
      },
    }),
  );
}

async function guestOf(
  { options, positionals, context }: RunInvocation,
  { stored, platform, config: { config } }: ObtainedImage,
): Promise<WatchedRun> {
  const { host } = context;
  const command = containerCommand(config, { entrypoint: options.entrypoint, command: positionals });
  const root = {
    kind: 'ephemeral',
    path: stored.root,
    readOnly: options['read-only'] === true,
  } as const;
  const environment = [...containerEnvironment(config), ...(options.env ?? [])];
  const chosen = options.user ?? containerUser(config);
  // As docker has it, root's groups are those of /etc/group, too.
  const user = options['keep-id'] === true ? {} : { user: chosen ?? '0' };
  const { home = '/', ids, ...guest } = guestOptions(host, root, { ...options, ...user }, command[0] ?? '');
  const declared = architectureOf(platform);
  const { architecture, isOther } = programArchitecture(
    host.files,
    stored.root,
    command[0] ?? '',
    environment,
    declared,
  );
  if (isOther)
    host.log.warn(
      `the image says that it is for ${formatImagePlatform(platform)}, but its programs are for ${architecture.name}; they are run as what they are`,
    );
  const native = await isNative(host, architecture);
  const emulated = await emulatorsFor(context, native ? [] : [architecture], options);
  return {
    ...guest,
    ...(guest.user === undefined || chosen === undefined ? {} : { user: withOwnGroup(guest.user) }),
    // The ids that the tree was unpacked with.
    ids: ids === 'auto' && stored.ids !== 'single' ? 'root' : (ids ?? 'auto'),
    emulated,
    root,
    command,
    binds: guestBinds(host, root, emulated, options, process.cwd()),
    environment: [`HOME=${home}`, ...environment],
    workingDirectory: options.workdir ?? containerDirectory(config),
    makesWorkingDirectory: true,
    isNative32: native && isNative32(host, architecture),
    scratch: `${stateDirectory(host.system)}/mount`,
    onStarted: () => {
      context.handOverSignals();
    },
  };
}

async function emulatorsFor(
  context: Context,
  architectures: readonly Architecture[],
  options: RunInvocation['options'],
): Promise<GuestEmulator[]> {
  const emulated: GuestEmulator[] = [];
  for (const architecture of architectures)
    emulated.push({ architecture, emulator: await obtainEmulator(context, architecture, options) });
  return emulated;
}

function architectureOf(platform: ImagePlatform): Architecture {
  const { os, architecture } = platform;
  const text = formatImagePlatform(platform);
  const found = lookUpArchitecture(text) ?? lookUpArchitecture(`${os}/${architecture}`);
  if (found !== undefined && os === 'linux') return found;
  throw new AnyarchError('ANYARCH_PLATFORM_NOT_FOUND', `images for ${text} cannot be run on Linux`, {
    hint: 'choose another platform of the image with -a',
    details: { platform: text },
  });
}

function pullPolicy(text: string | undefined): 'missing' | 'always' | 'never' {
  return text === 'always' || text === 'never' ? text : 'missing';
}
