import type { Tool } from '../tool.ts';

export const archive: readonly Tool[] = [];
