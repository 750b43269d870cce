import type { Tool } from '../tool.ts';

/**
 * None yet. Debian's clang is one file, `libLLVM.so.19.1`, and its driver runs the compiler in its own process: a native one needs the guest's `--target`, its
 * `-resource-dir` and its search for GCC's directories at once, for each of its names (clang, clang++, clang-cpp, TRIPLET-clang) and for configuration files.
 * `-target` given twice, `-print-*` and `--version` would show the difference.
 */
export const clang: readonly Tool[] = [];
