// Lets Node 20 import the TypeScript of bench/ and test/support:
// node --import ./bench/typescript/register.mjs bench/main.ts
//
// The compiler runs in a process of its own. Node 20 starts programs by copying its page tables, so with the compiler's
// 200 MB in this process every program that is timed here would take 10 ms longer.
import { execFileSync } from 'node:child_process';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';

const transpile = fileURLToPath(new URL('transpile.mjs', import.meta.url));
const sources = execFileSync(process.execPath, [transpile], { encoding: 'utf8', maxBuffer: 2 ** 26 });
register(new URL('hooks.mjs', import.meta.url), { data: sources });
