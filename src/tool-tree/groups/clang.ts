import type { Tool } from '../tool.ts';

export const clang: readonly Tool[] = [];
