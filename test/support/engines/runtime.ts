import { fileURLToPath } from 'node:url';

/** runc for machines that hold back capabilities; the script says why. */
export const runtimeWrapper = fileURLToPath(new URL('runc-wrapper', import.meta.url));
