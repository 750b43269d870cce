import { tools as allTools } from '../groups/index.ts';
import type { Tool } from '../tool.ts';
import type { PrepareOptions } from './options.ts';

/**
 * Of a suite Clang only by name: its set is larger than all others together, and where Clang is installed binutils load its plug-in, so
 * that nothing native stands for them, in the guest that tools are tested in as in any other.
 */
export function wantedTools({
  groups,
  guest,
  parts,
}: Pick<PrepareOptions, 'groups' | 'guest' | 'parts'>): readonly Tool[] {
  const known = parts?.tools ?? allTools;
  if (groups !== undefined) return known.filter(({ group }) => groups.includes(group));
  return guest.installed === undefined ? known.filter(({ group }) => group !== 'clang') : known;
}
