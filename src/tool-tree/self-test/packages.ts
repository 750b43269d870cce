import type { ToolGroup } from '../tool.ts';

/** Packages of the guest that the lines of a group need whole, beside the tools and their libraries: patterns as in `Tool`. */
export const testPackages: Readonly<Record<ToolGroup, readonly string[]>> = {
  // Every self-test starts with the shell, and its lines use these.
  base: ['dash', 'coreutils'],
  archive: ['dash', 'coreutils'],
  c: [
    'dash',
    'coreutils',
    'sed',
    'grep',
    'libc6-dev',
    'linux-libc-dev',
    'libgcc-{gcc}-dev',
    'libstdc++-{gcc}-dev',
    // Names without the triplet are links in packages of their own.
    'binutils',
    'cpp',
    'cpp-{gcc}',
    'gcc',
    'gcc-{gcc}',
    'g++',
    'g++-{gcc}',
  ],
  go: ['dash', 'coreutils', 'golang-{go}-src', 'golang-{go}-go'],
  clang: ['dash', 'coreutils', 'clang', 'clang-{llvm}'],
  git: ['dash', 'coreutils', 'git'],
  debian: ['dash', 'coreutils', 'tar', 'dpkg'],
};
