// Lets a plain Node process run the sources: `node --import ./test/support/mirror-typescript.mjs file.ts`.
import { register } from 'node:module';

register(new URL('./mirror-typescript-loader.mjs', import.meta.url));
