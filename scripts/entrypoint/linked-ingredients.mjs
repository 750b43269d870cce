import { ingredients } from './ingredients.mjs';
import { folderOf, platforms } from './platforms.mjs';

/**
 * What is linked into each platform's program, for src/image/linked-libraries.ts: Debian's version, its file and the
 * digest of that. QuickJS is its authors' source without Debian's changes.
 */
export function linkedIngredients() {
  const { quickjs, 'musl-dev': musl } = ingredients();
  const programs = platforms.map((platform) => [
    folderOf(platform),
    [linked('quickjs', quickjs), linked('musl', musl[platform.debian])],
  ]);
  return { schema: 'anyarch/program-ingredients/1', programs: Object.fromEntries(programs) };
}

/** @param {string} name @param {import('./ingredients.mjs').Ingredient | undefined} ingredient */
function linked(name, ingredient) {
  // NAME_VERSION.orig.tar.xz, NAME_VERSION_ARCHITECTURE.deb
  const version = ingredient?.path.match(/_([^_]+?)(?:\.orig\.tar\.\w+|_\w+\.deb)$/)?.[1];
  if (ingredient === undefined || version === undefined) throw new Error(`no version of ${name} is pinned`);
  return { name, version, file: ingredient.path, sha256: ingredient.sha256 };
}
