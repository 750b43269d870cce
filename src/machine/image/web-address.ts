import { AnyarchError } from '../../core/error.ts';
import { quote } from '../../core/text.ts';

export function isWebAddress(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/** @throws AnyarchError ANYARCH_USAGE for what begins as an address and is none, or has a name that is no text */
export function checkWebAddress(place: string): void {
  if (!isWebAddress(place) || (URL.canParse(place) && isDecodable(place))) return;
  throw new AnyarchError('ANYARCH_USAGE', `${quote(place)} is no address`, {
    hint: 'it looks like https://HOST/PATH/NAME.qcow2; a percent sign in a name is written %25',
  });
}

/** The last part of a path or of an address's path. */
export function nameOf(place: string): string {
  if (!isWebAddress(place)) return lastPart(place);
  return decodeURIComponent(lastPart(new URL(place).pathname));
}

function isDecodable(address: string): boolean {
  try {
    decodeURIComponent(new URL(address).pathname);
    return true;
  } catch {
    return false;
  }
}

function lastPart(path: string): string {
  return path.split('/').at(-1) ?? path;
}
