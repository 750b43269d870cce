import { encodeUtf8 } from '../../core/text.ts';
import { placesOf } from '../elf/image.ts';
import { replaceTexts } from '../elf/replace-text.ts';
import { unadaptable } from '../elf/unadaptable.ts';
import type { Adaptation } from './adaptation.ts';

/**
 * dpkg and its companions have the name of their architecture compiled in twice: as that of packages that name none
 * (lib/dpkg/arch.c), and behind the version that is printed. Nothing else in them asks what they were built for, and the
 * name's length is not compiled in.
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE also where the guest's name is the longer one
 */
export const adaptDpkg: Adaptation = ({ native, guest, debian }) => {
  const texts = (name: string) => [`\0${name}\0`, ` (${name})\0`] as const;
  for (const text of texts(debian.guest)) {
    if (placesOf(guest.bytes, encodeUtf8(text)).length !== 1)
      throw unadaptable(`the guest's program does not name ${debian.guest} as expected`);
  }
  const [own, printed] = texts(debian.host);
  const [ownOfGuest, printedOfGuest] = texts(debian.guest);
  replaceTexts(native.bytes, [
    { from: own, to: ownOfGuest, count: 1 },
    { from: printed, to: printedOfGuest, count: 1 },
  ]);
};
