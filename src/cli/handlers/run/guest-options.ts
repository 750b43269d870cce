import { AnyarchError } from '../../../core/error.ts';
import type { Host } from '../../../host/host.ts';
import { findGuestUser, hasSubordinateIds, parseLimits } from '../../../run/index.ts';
import type { GuestIds, GuestRoot, GuestRun } from '../../../run/index.ts';

/** The options of `run` that hold for every root file system. */
export interface GuestOptions {
  readonly user?: string;
  readonly 'keep-id'?: boolean;
  readonly 'map-auto'?: boolean;
  readonly network?: string;
  readonly hostname?: string;
  readonly memory?: string;
  readonly cpus?: string;
  readonly 'pids-limit'?: string;
}

type GuestParts = Pick<GuestRun, 'ids' | 'user' | 'network' | 'hostname' | 'limits'>;

/**
 * @param program what the guest is started with
 * @returns parts of the run; `home` is that of the user, where one is named
 * @throws AnyarchError ANYARCH_USAGE
 */
export function guestOptions(
  host: Host,
  root: GuestRoot,
  options: GuestOptions,
  program: string,
): GuestParts & { readonly home?: string } {
  const { home, ...user } =
    options.user === undefined
      ? {}
      : findGuestUser(host.files, root.kind === 'host' ? '/' : root.path, options.user);
  const limits = parseLimits({ memory: options.memory, cpus: options.cpus, pids: options['pids-limit'] });
  return {
    ids: guestIds(host, root, options, program),
    ...('uid' in user ? { user } : {}),
    network: options.network === 'none' ? 'none' : 'host',
    ...(options.hostname === undefined ? {} : { hostname: checkedHostname(options.hostname) }),
    ...(limits === undefined ? {} : { limits }),
    ...(home === undefined ? {} : { home }),
  };
}

/** Programs that make files of many owners: with one id they fail, or fall back to something lesser. */
const programsOfManyIds = new Set(['buildah', 'debootstrap', 'mmdebstrap', 'podman', 'skopeo']);

function guestIds(host: Host, root: GuestRoot, options: GuestOptions, program: string): GuestIds {
  const { 'keep-id': keep, 'map-auto': all } = options;
  if (keep === true && all === true)
    throw new AnyarchError('ANYARCH_USAGE', '--keep-id and --map-auto exclude each other', {
      hint: '--keep-id gives the guest your own id, --map-auto root and all your subordinate ids',
    });
  if (keep === true) return 'keep';
  if (all === true) return 'root';
  const name = program.slice(program.lastIndexOf('/') + 1);
  return root.kind === 'host' && programsOfManyIds.has(name) && hasSubordinateIds(host) ? 'root' : 'auto';
}

function checkedHostname(name: string): string {
  // The kernel takes 64 bytes (include/uapi/linux/utsname.h); the rest is what resolvers put up with.
  if (/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(name)) return name;
  throw new AnyarchError('ANYARCH_USAGE', `--hostname: "${name}" is no host name`, {
    hint: 'use at most 64 letters, digits, hyphens and full stops',
  });
}
