export { interposerHosts, type InterposerHost } from './hosts.ts';
export { patchEmulator, type PatchOptions } from './patch-emulator.ts';
export { readPatch, type Patch } from './read-patch.ts';
export { unpatchEmulator } from './unpatch-emulator.ts';
