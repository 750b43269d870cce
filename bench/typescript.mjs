// Lets Node 20 import the TypeScript of bench/ and test/support, which newer Nodes do by themselves:
// node --import ./bench/typescript.mjs bench/main.ts
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Node loads this file a second time, for its hooks, in a thread of their own.
if (isMainThread && !process.features.typescript) register(import.meta.url);

const { default: typescript } = isMainThread ? {} : await import('typescript');

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  const source = await readFile(fileURLToPath(url), 'utf8');
  const { ESNext: module } = typescript.ModuleKind;
  const { ES2022: target } = typescript.ScriptTarget;
  const { outputText } = typescript.transpileModule(source, {
    compilerOptions: { module, target, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: false },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
