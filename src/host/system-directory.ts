/**
 * Where root keeps the copies that must be there before other file systems are, and after anyarch's own package has
 * gone: emulators of entries that outlive a reboot, and the static program of services.
 */
export const systemDirectory = '/usr/local/lib/anyarch';

/** A link to the emulators in use, switched as a whole; an entry's interpreter is `TARGET` below it. */
export const persistedEmulators = `${systemDirectory}/current`;
