import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { digestOfFile } from './digest.mjs';
import { debianMirror } from './mirror.mjs';

/**
 * A file of Debian's archive. Its digest comes from the signed lists (update-ingredients.mjs).
 *
 * @typedef {object} Ingredient
 * @property {string} path below the archive
 * @property {number} size bytes
 * @property {string} sha256
 */

export const pinsFile = fileURLToPath(new URL('ingredients.json', import.meta.url));

/** @type {() => { quickjs: Ingredient, 'quickjs-debian': Ingredient, 'musl-dev': Record<string, Ingredient> }} */
export const ingredients = () => JSON.parse(readFileSync(pinsFile, 'utf8'));

/**
 * The ingredient unpacked, in a directory of the cache.
 *
 * @param {string} cache @param {Ingredient} ingredient @returns {Promise<string>}
 */
export async function unpacked(cache, ingredient) {
  const directory = join(cache, 'unpacked', ingredient.sha256.slice(0, 16));
  if (existsSync(directory)) return directory;
  const file = await fetched(cache, ingredient);
  mkdirSync(dirname(directory), { recursive: true });
  const partial = mkdtempSync(`${directory}.`);
  if (file.endsWith('.deb')) await run(['dpkg-deb', '--extract', file, partial]);
  else await run(['tar', '-C', partial, '--strip-components=1', '-xf', file]);
  moveIfFirst(partial, directory);
  return directory;
}

/** @param {string} cache @param {Ingredient} ingredient @returns {Promise<string>} the path of the verified file */
async function fetched(cache, ingredient) {
  const directory = join(cache, 'downloads', ingredient.sha256.slice(0, 16));
  const file = join(directory, basename(ingredient.path));
  if (!existsSync(file)) {
    mkdirSync(dirname(directory), { recursive: true });
    const partial = mkdtempSync(`${directory}.`);
    await download(ingredient, join(partial, basename(ingredient.path)));
    moveIfFirst(partial, directory);
  }
  // Whatever became of the cache since: nothing else may get into the program.
  if (digestOfFile(file) !== ingredient.sha256) throw new Error(`${file} is not what was fetched: remove it`);
  return file;
}

/** apt's own downloader knows the machine's proxies and checks the digest. @param {Ingredient} ingredient @param {string} file */
async function download({ path, sha256 }, file) {
  const url = `${await debianMirror()}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const helper = ['/usr/lib/apt/apt-helper', '-o', 'APT::Sandbox::User=root', 'download-file'];
  const proxies = Object.entries(process.env).filter(([name]) => name.toLowerCase().endsWith('_proxy'));
  try {
    await run([...helper, url, file, `SHA256:${sha256}`], {
      environment: /** @type {Record<string, string>} */ (Object.fromEntries(proxies)),
    });
  } catch (error) {
    throw new Error(
      `${path} could not be fetched: ${String(error)}
Debian may have superseded it: npm run build:entrypoint -- --update pins what it has now, and ANYARCH_MIRROR names an
archive that keeps all versions`,
      { cause: error },
    );
  }
}

/** Another build may have been faster. @param {string} from @param {string} to */
export function moveIfFirst(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  try {
    renameSync(from, to);
  } catch (error) {
    rmSync(from, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}
