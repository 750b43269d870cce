import type { Tool } from '../tool.ts';

export const git: readonly Tool[] = [];
