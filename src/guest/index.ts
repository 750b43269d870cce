import type { FetchGuestHost, FetchGuestOptions } from './fetch.ts';
import type { Guest } from './guest.ts';

export type { FetchGuestHost, FetchGuestOptions } from './fetch.ts';
export { findGuest } from './find.ts';
export type { Guest } from './guest.ts';

/** See `fetchGuest` in fetch.ts. It needs Node and time to load, so it is loaded when it is called. */
export async function fetchGuest(host: FetchGuestHost, options: FetchGuestOptions): Promise<Guest> {
  return await (await import('./fetch.ts')).fetchGuest(host, options);
}
