import type { Denied } from '../tool.ts';

export const denied: readonly Denied[] = [];
