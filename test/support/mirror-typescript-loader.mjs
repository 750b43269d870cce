import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// Not the compiler, which takes longer to load and to remove types than what is run with it takes altogether.
import { transformSync } from 'rolldown/utils';

const options = { target: 'es2023', typescript: { onlyRemoveTypeImports: true } };

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return await next(url, context);
  const path = fileURLToPath(url);
  const { code, errors } = transformSync(path, readFileSync(path, 'utf8'), options);
  if (errors.length > 0) throw new Error(`${path}: ${errors.map(({ message }) => message).join('\n')}`);
  return { format: 'module', source: code, shortCircuit: true };
}
