/**
 * Where things are on a board's USB, whose host has one port: always in the same places, as saved states need it, and in the
 * order in which guests find them. Who waits for the seed has the card by then.
 */
export const usbPorts = { hub: '1', card: '1.1', seed: '1.2' } as const;
