import { treeBind } from '../../../accelerate/index.ts';
import type { Host } from '../../../host/host.ts';
import { parseVolume, type Bind } from '../../../run/index.ts';

/** The tool tree comes first: a volume of the caller's is mounted over it. */
export function guestBinds(
  host: Host,
  options: { readonly volume?: readonly string[]; readonly 'no-accelerate'?: boolean },
  directory: string,
): readonly Bind[] {
  const tree = options['no-accelerate'] === true ? undefined : treeBind(host);
  const volumes = (options.volume ?? []).map((volume) => parseVolume(volume, directory, host.files));
  return tree === undefined ? volumes : [tree, ...volumes];
}
