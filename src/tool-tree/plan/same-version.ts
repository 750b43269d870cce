import { withoutCross, type IndexedPackage } from '../../debian/index.ts';
import type { Tool } from '../tool.ts';

/** Whether a native package was made from what the guest's was made from. */
export function isSameVersion(
  guest: IndexedPackage,
  host: IndexedPackage,
  kind: NonNullable<Tool['sameVersion']> = 'source',
): boolean {
  switch (kind) {
    case 'exact':
      return guest.version === host.version;
    case 'source':
      return guest.source === host.source && guest.sourceVersion === host.sourceVersion;
    case 'cross':
      // A cross compiler says which source it has built in; its own source's version counts something else.
      return (
        (host.builtUsing.get(guest.source) ?? withoutCross(host.version)) === guest.sourceVersion ||
        (guest.source === host.source && guest.sourceVersion === host.sourceVersion)
      );
  }
}
