import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { findNodes } from './syntax-tree.mjs';
import { findRegexps, regexpsAtRunTime } from './regexps.mjs';

const packageFile = fileURLToPath(new URL('../../package.json', import.meta.url));

const replacement = (name) => fileURLToPath(new URL(`replacements/${name}`, import.meta.url));

/** Modules of others that the program takes in another form. @type {Readonly<Record<string, string>>} */
const replacements = {
  'node:util': replacement('node-util.js'),
};

/**
 * One script with all that the entry imports, for an engine without modules.
 *
 * @param {string} entry @returns {Promise<string>}
 */
export async function bundle(entry) {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8'));
  const build = await rolldown({
    input: entry,
    platform: 'neutral',
    // A module of ours that nothing is used of does nothing.
    treeshake: { moduleSideEffects: false },
    plugins: [onlyOwnModules(), regexpsAtRunTime()],
    transform: { target: 'es2023', define: { anyarchVersion: JSON.stringify(version), 'import.meta': '{}' } },
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  try {
    const { output } = await build.generate({
      // A module that neither imports nor exports is a script. Not one in a function of its own: QuickJS's time to make
      // a function grows with the number of variables that surround it.
      format: 'esm',
      minify: { compress: true, mangle: { toplevel: true }, codegen: true },
      codeSplitting: false,
    });
    const [{ code }] = output;
    if (findRegexps(code).length > 0) throw new Error('a literal of a regular expression is left');
    return code;
  } finally {
    await build.close();
  }
}

/**
 * What only other hosts have may be imported as long as nothing of it is used.
 *
 * @returns {import('rolldown').Plugin}
 */
function onlyOwnModules() {
  return {
    name: 'only-own-modules',
    resolveId(source, importer, { kind }) {
      const replaced = replacements[source];
      if (replaced !== undefined) return replaced;
      // What is loaded later is another host's, too; and modules that can be would all be wrapped in functions.
      const isOwn = importer === undefined || (source.startsWith('.') && kind !== 'dynamic-import');
      if (isOwn) return null;
      return { id: source, external: true, moduleSideEffects: false };
    },
    generateBundle(_, chunks) {
      for (const chunk of Object.values(chunks)) {
        if (chunk.type !== 'chunk') continue;
        const later = findNodes(chunk.code, ({ type }) => type === 'ImportExpression');
        const imported = [
          ...chunk.imports,
          ...later.map(({ source }) => source.value ?? source.quasis[0].value.cooked),
        ];
        if (imported.length === 0) continue;
        const importers = imported.map((name) => {
          const from = [...this.getModuleIds()].filter((id) => {
            const { importedIds, dynamicallyImportedIds } = this.getModuleInfo(id) ?? {};
            return importedIds?.includes(name) || dynamicallyImportedIds?.includes(name);
          });
          return `${name}, imported by ${from.join(' and ')}`;
        });
        throw new Error(`the image's program does not have ${importers.join('; ')}`);
      }
    },
  };
}
