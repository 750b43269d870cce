import { defineConfig } from 'tsdown';

/**
 * What every `anyarch run` needs, in one file: Node takes about a millisecond for each module that it finds, reads and
 * links, and start-up time is a feature.
 */
const hot =
  /\/src\/(core|host|run|cli\/(?!handlers|main)|cli\/handlers\/(run|obtain|index)\.|emulators\/(index|choose|installed|judge|stored|catalogue|emulator|list|tested)\.|guest\/(index|find|guest|catalogue)\.)/;

const common = {
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  logLevel: 'warn',
} as const;

export default defineConfig([
  {
    ...common,
    entry: { index: 'src/index.ts', 'core/index': 'src/core/index.ts', testing: 'src/host/testing/index.ts' },
    dts: true,
  },
  {
    ...common,
    entry: { cli: 'src/cli/main.ts' },
    outDir: 'dist/cli',
    dts: false,
    // Nothing imports the command; rolldown wants to be told when chunks are cut by hand.
    inputOptions: { preserveEntrySignatures: false },
    outputOptions: {
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'hot', test: hot }] },
    },
  },
]);
