import type { Tool } from '../tool.ts';

export const c: readonly Tool[] = [];
