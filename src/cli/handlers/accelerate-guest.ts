import { resolve } from 'node:path';
import { AnyarchError } from '../../core/error.ts';
import { imagePlatform } from '../../core/oci/image-platform.ts';
import { parsePlatform } from '../../core/platform.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { obtainImage } from '../../image-source/index.ts';
import { useImage } from '../../image-store/index.ts';
import { rootGuest, suiteGuest, type GuestFacts } from '../../tool-tree/index.ts';
import type { Context } from '../command.ts';
import { withProgress } from '../progress.ts';
import { connectionOptions } from './registry-options.ts';

export interface GuestOptions {
  readonly for?: string;
  readonly suite?: string;
  readonly arch?: string;
  readonly authfile?: string;
  readonly insecure?: boolean;
  readonly 'tls-verify'?: string;
}

/**
 * Whom tools are to be prepared for.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_GUEST_UNKNOWN; what obtaining an image throws
 */
export async function guestFor(context: Context, options: GuestOptions): Promise<GuestFacts> {
  const { for: place, suite, arch } = options;
  if ((place === undefined) === (suite === undefined))
    throw new AnyarchError('ANYARCH_USAGE', 'one of --for and --suite is needed', {
      hint: 'for example: anyarch accelerate prepare --suite trixie -a arm64',
    });
  if (suite !== undefined) {
    if (arch === undefined)
      throw new AnyarchError('ANYARCH_USAGE', '--suite needs the architecture of the guests', {
        hint: `anyarch accelerate prepare --suite ${suite} -a arm64`,
      });
    return suiteGuest(suite, arch);
  }
  return await guestAt(context, place ?? '', options);
}

async function guestAt(context: Context, place: string, options: GuestOptions): Promise<GuestFacts> {
  const { host, signal } = context;
  const directory = resolve(place);
  if (host.files.status(directory)?.kind === 'directory') return rootGuest(host.files, directory, directory);
  const platform = options.arch === undefined ? undefined : imagePlatform(parsePlatform(options.arch));
  const { stored } = await withProgress(context, (onProgress) =>
    obtainImage(host, place, {
      state: stateDirectory(host.system),
      directory: process.cwd(),
      platform,
      pull: 'missing',
      connection: connectionOptions(options),
      signal,
      onProgress,
    }),
  );
  const release = useImage(host, stored);
  try {
    return rootGuest(host.files, stored.root, place);
  } finally {
    release();
  }
}
