import { AnyarchError } from '../../core/error.ts';
import { formatRecipe } from '../../core/recipe/format.ts';
import { NotThere } from '../packages/host-files.ts';
import { expand } from '../plan/expand.ts';
import type { PlannedTool } from '../plan/plan-tools.ts';
import { recipeAlternative } from '../recipes/alternative.ts';
import { rulesFor } from '../recipes/rules-for.ts';
import { guestProgram } from '../recipes/guest-program.ts';
import type { PairedTool } from '../store/pairing.ts';
import type { SetDocument } from '../store/set-document.ts';
import type { Making } from './making.ts';
import type { NativeProgram } from './native-programs.ts';
import type { PreparedGuest } from './prepare-guest.ts';
import { pathInSet } from './write-programs.ts';

export interface Paired {
  readonly planned: PlannedTool;
  readonly paired: PairedTool;
}

/** The recipes of a set's programs for a guest. */
export async function pairTools(
  { sides }: Pick<Making, 'sides'>,
  guest: PreparedGuest,
  programs: readonly NativeProgram[],
  document: SetDocument,
  leave: (name: string, reason: string) => void,
): Promise<Paired[]> {
  const there = new Set(document.files.map(({ path }) => path));
  const all: Paired[] = [];
  for (const program of programs) {
    const { planned } = program;
    const path = pathInSet(program);
    // Why it could not be adapted is known already.
    if (!there.has(path)) continue;
    try {
      const found = await guestProgram(
        guest.root,
        sides.guest,
        planned.guest.path,
        guest.originals,
        (planned.tool.guestDlopens ?? []).map((name) => expand(name, planned.variables)),
      );
      const rules = rulesFor(planned.tool, sides.guest.debian);
      const recipe = recipeAlternative(found, rules, planned.variables, document.id, path);
      // One that cannot be written must not keep the others from it.
      formatRecipe({ alternatives: [recipe] });
      const { buildId } = found;
      const paired = {
        name: planned.name,
        guestPath: `/${planned.guest.path}`,
        guestPackage: planned.guest.package.name,
        hostPackage: planned.host.package.name,
        ...(buildId === undefined ? {} : { buildId }),
        recipe,
        needs: [path, ...(program.host.loader === undefined ? [] : ['ld']), ...program.host.libraries.keys()],
      };
      all.push({ planned, paired });
    } catch (error) {
      if (!(
        error instanceof NotThere ||
        (error instanceof AnyarchError && error.code === 'ANYARCH_RECIPE_INVALID')
      ))
        throw error;
      leave(planned.name, error.message);
    }
  }
  return all;
}
