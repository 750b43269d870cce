import type { Tool } from '../tool.ts';

export const base: readonly Tool[] = [];
