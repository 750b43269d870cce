// Prints the JavaScript of all that the comparison imports, as JSON: URL to source.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import typescript from 'typescript';

// Of the sources only what a part that cannot be started by itself is made from.
const directories = ['..', '../../test/support', '../../src/core', '../../src/host', '../../src/run'].map(
  (path) => fileURLToPath(new URL(path, import.meta.url)),
);
const files = directories.flatMap((directory) =>
  readdirSync(directory, { recursive: true }).map((file) => join(directory, file)),
);
const compilerOptions = {
  module: typescript.ModuleKind.ESNext,
  target: typescript.ScriptTarget.ES2022,
  verbatimModuleSyntax: true,
};
const sources = files
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => {
    const { outputText } = typescript.transpileModule(readFileSync(file, 'utf8'), { compilerOptions });
    return [pathToFileURL(file).href, outputText];
  });
process.stdout.write(JSON.stringify(Object.fromEntries(sources)));
