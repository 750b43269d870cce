import { AnyarchError } from '../../../core/error.ts';

const units: Readonly<Record<string, number>> = { M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/**
 * Bytes of `20G`, `512M` or `1.5T`; a number alone is in MiB.
 *
 * @param what it is the size of: `--disk`
 * @throws AnyarchError ANYARCH_USAGE
 */
export function sizeOf(what: string, text: string): number {
  const [, digits, unit] = /^(\d{1,7}(?:\.\d{1,3})?)([MGT])?(?:i?B)?$/i.exec(text) ?? [];
  const bytes = Number(digits) * (units[(unit ?? 'M').toUpperCase()] ?? 0);
  // Disks are whole sectors, and memory is whole pages.
  if (digits !== undefined && bytes >= 2 ** 20 && bytes <= 2 ** 46)
    return Math.floor(bytes / 2 ** 20) * 2 ** 20;
  throw new AnyarchError('ANYARCH_USAGE', `${what} takes a size, not "${text.slice(0, 60)}"`, {
    hint: 'such as 512M, 20G, or a number of MiB',
  });
}

/** @throws AnyarchError ANYARCH_USAGE */
export function wholeNumber(
  what: string,
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= from && number <= to) return number;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `${what} takes a number from ${from} to ${to}, not "${text.slice(0, 60)}"`,
  );
}
