import type { Tool } from '../tool.ts';

export const debian: readonly Tool[] = [];
