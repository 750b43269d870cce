import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { digestOf } from './digest.mjs';
import { ingredients, moveIfFirst, unpacked } from './ingredients.mjs';

const files = ['crt1.o', 'crti.o', 'crtn.o', 'libc.a'];

/**
 * musl for a platform: a directory with headers and one with what is linked.
 *
 * @param {string} cache @param {import('./platforms.mjs').Platform} platform
 * @returns {Promise<{ headers: string, libraries: string, digest: string }>}
 */
export async function libc(cache, platform) {
  const pinned = ingredients()['musl-dev'][platform.debian];
  if (pinned === undefined) throw new Error(`no musl-dev for ${platform.debian} is pinned`);
  const directory = await unpacked(cache, pinned);
  const libraries = join(directory, 'usr/lib', platform.musl);
  return {
    headers: join(directory, 'usr/include', platform.musl),
    libraries: await withoutSections(cache, libraries, pinned.sha256, platform),
    digest: pinned.sha256,
  };
}

/** @param {string} cache @param {string} libraries @param {string} digest @param {import('./platforms.mjs').Platform} platform */
async function withoutSections(cache, libraries, digest, { triplet, unreadableSections }) {
  if (unreadableSections === undefined) return libraries;
  const result = join(cache, 'libc', digestOf([digest, ...unreadableSections]).slice(0, 16));
  if (existsSync(result)) return result;
  mkdirSync(dirname(result), { recursive: true });
  const partial = mkdtempSync(`${result}.`);
  const options = ['--strip-debug', ...unreadableSections.map((name) => `--remove-section=${name}`)];
  for (const file of files) {
    copyFileSync(join(libraries, file), join(partial, file));
    await run([`${triplet}-objcopy`, '--enable-deterministic-archives', ...options, join(partial, file)]);
  }
  moveIfFirst(partial, result);
  return result;
}
