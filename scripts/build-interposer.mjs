// Builds the interposer for its hosts: docs/interposer.md
//   node scripts/build-interposer.mjs [--host x86_64 …] [--output DIR]
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { concurrently } from './entrypoint/concurrently.mjs';
import { buildInterposer } from './interposer/build.mjs';
import { hosts } from './interposer/hosts.mjs';

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', multiple: true },
    output: { type: 'string', default: fileURLToPath(new URL('../build/interposer', import.meta.url)) },
  },
});

const wanted = hosts.filter(({ name }) => options.host === undefined || options.host.includes(name));
if (wanted.length < (options.host?.length ?? 1)) {
  console.error(`unknown host; there are ${hosts.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const sizes = await concurrently(wanted, (host) => buildInterposer(host, options.output));
for (const [index, { name }] of wanted.entries())
  console.log(`build-interposer: ${join(options.output, name)}.bin ${sizes[index]} bytes`);
