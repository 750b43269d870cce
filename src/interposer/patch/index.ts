export { patchEmulator, type PatchOptions } from './patch-emulator.ts';
export { readPatch, type Patch } from './read-patch.ts';
