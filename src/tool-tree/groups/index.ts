import type { Tool } from '../tool.ts';
import { archive } from './archive.ts';
import { base } from './base.ts';
import { c } from './c.ts';
import { clang } from './clang.ts';
import { debian } from './debian.ts';
import { git } from './git.ts';
import { go } from './go.ts';

export { denied } from './denied.ts';

/** Every program that may be replaced. What is not here never is. */
export const tools: readonly Tool[] = [...c, ...base, ...archive, ...go, ...clang, ...git, ...debian];
