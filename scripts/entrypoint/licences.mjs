import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ingredients, unpacked } from './ingredients.mjs';

/** What the licences of the linked parts want to be said, from Debian's copyright files. @param {string} cache */
export async function licences(cache) {
  const pinned = ingredients();
  const quickjs = await unpacked(cache, pinned['quickjs-debian']);
  const [musl] = Object.values(pinned['musl-dev']);
  const parts = {
    QuickJS: join(quickjs, 'copyright'),
    musl: join(await unpacked(cache, musl), 'usr/share/doc/musl-dev/copyright'),
  };
  return Object.entries(parts)
    .map(([name, file]) => `The program contains ${name}.\n\n${readFileSync(file, 'utf8').trim()}\n`)
    .join(`\n${'-'.repeat(78)}\n\n`);
}
