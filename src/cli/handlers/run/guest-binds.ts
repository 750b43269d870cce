import { treeBind } from '../../../accelerate/index.ts';
import type { Host } from '../../../host/host.ts';
import { parseVolume, type Bind, type GuestRoot } from '../../../run/index.ts';

/**
 * The tool tree comes first: a volume of the caller's is mounted over it. In the host's /dev there is no place for it that
 * would not stay there; and what is run among the host's files is mostly native.
 */
export function guestBinds(
  host: Host,
  root: Pick<GuestRoot, 'kind'>,
  options: { readonly volume?: readonly string[]; readonly 'no-accelerate'?: boolean },
  directory: string,
): readonly Bind[] {
  const tree = options['no-accelerate'] === true || root.kind === 'host' ? undefined : treeBind(host);
  const volumes = (options.volume ?? []).map((volume) => parseVolume(volume, directory, host.files));
  return tree === undefined ? volumes : [tree, ...volumes];
}
