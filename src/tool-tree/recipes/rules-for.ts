import type { RecipeConditions } from '../../core/recipe/recipe.ts';
import type { Tool } from '../tool.ts';

/** @param debian Debian's name of the guest's architecture */
export function rulesFor({ rules = {}, bailOn = {} }: Tool, debian: string): RecipeConditions {
  const further = Object.hasOwn(bailOn, debian) ? (bailOn[debian] ?? []) : [];
  return further.length === 0 ? rules : { ...rules, bail: [...(rules.bail ?? []), ...further] };
}
