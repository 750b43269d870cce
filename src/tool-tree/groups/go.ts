import type { Tool } from '../tool.ts';

export const go: readonly Tool[] = [];
