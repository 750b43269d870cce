import { equalBytes } from '../../core/bytes.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Elf64 } from './elf64.ts';
import { unpatchable } from './elf64.ts';
import { interposerHosts } from './hosts.ts';
import type { InterposerHost } from './hosts.ts';

/** What an interposer ends with: magic, version and e_machine (native/interposer/blob.ld). */
const tagSize = 16;
const magic = encodeUtf8('AnyArchI');
const version = 1;

/** Its code is a few kilobytes; what is larger is something else. */
const largestInterposer = 65_536;

/**
 * The host that both the interposer and the emulator are for.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_UNPATCHABLE
 */
export function commonHost(interposer: Uint8Array, { machine, little }: Elf64): InterposerHost {
  const tag = interposer.subarray(-tagSize);
  const whole = interposer.length >= tagSize && interposer.length % tagSize === 0;
  if (!whole || interposer.length > largestInterposer || !equalBytes(tag.subarray(0, 8), magic))
    throw unpatchable('what should be an interposer is none');
  const view = new DataView(tag.buffer, tag.byteOffset, tagSize);
  if (view.getUint32(8, little) !== version || view.getUint32(12, little) !== machine)
    throw unpatchable('the interposer is for another host or of another version');
  const host = interposerHosts.find((one) => one.machine === machine);
  if (host === undefined) throw unpatchable(`there is no interposer for hosts of machine ${machine}`);
  return host;
}
