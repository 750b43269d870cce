import { stripVTControlCharacters } from 'node:util';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import type { MachinePlaces } from '../places.ts';

/** The last bytes that the guest's console printed, without what moves cursors and colours. */
export function consoleTail(
  { files }: Pick<Host, 'files'>,
  { console }: MachinePlaces,
  bytes: number,
): string {
  const size = files.status(console)?.size ?? 0;
  if (size === 0) return '';
  const start = Math.max(0, size - bytes);
  return withoutControls(decodeUtf8(files.readAt(console, start, size - start)));
}

/** Lines as a person would see them. */
export function withoutControls(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll(/\r+\n/g, '\n')
      .replaceAll('\r', '\n')
      // eslint-disable-next-line no-control-regex -- these are what is looked for
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '')
  );
}
