import { defineConfig } from 'tsdown';

const common = {
  platform: 'node',
  target: 'node20.19',
  fixedExtension: false,
  logLevel: 'error',
  // The build script does it: these builds run at the same time, below the same directory.
  clean: false,
} as const;

// CommonJS for the command, because V8's code cache cannot be given to ES modules (src/cli/start.ts).
const command = { ...common, format: 'cjs', outDir: 'dist/cli', dts: false } as const;

/** What every `anyarch run` needs, in one file: it is the one that the code cache is for. */
const hot =
  /\/src\/(core\/(?!oci\/)|host|run|cli\/(?!handlers|reports|start|ensure-rootless|message-input)|cli\/handlers\/(run|obtain|interposed|index|registry-options|run\/guest-binds|run\/guest-options|run\/native|run\/watched|run\/run-image)\.|emulators\/(index|choose|described|unseen|installed|judge|stored|catalogue|emulator)\.|guest\/(index|find|guest|catalogue)\.|accelerate\/(index|tree)\.|tool-tree\/(index|places)\.|interposer\/(index|find|blob|record|served|interposed|plain-reason|options\/emulator-options)\.|emulators\/persisted\.|doctor\/scopes\.|private-table\/(table-rules|remedies)\.|rootless\/engine-names\.|core\/oci\/(digest|fields|image-config|image-platform|reference)\.|image-source\/(index|obtain-image|container-process|program-architecture|choose-platform|image-name|surroundings|stored-references)\.|image-store\/(index|find|flock|document|places|use|settle|list|tree-digest|worker\/protocol|tree\/limits)\.)/;

export default defineConfig([
  {
    ...common,
    format: 'esm',
    entry: {
      index: 'src/index.ts',
      'core/index': 'src/core/index.ts',
      testing: 'src/host/testing/index.ts',
    },
    dts: true,
  },
  {
    ...command,
    entry: { main: 'src/cli/main.ts' },
    // What is only passed on by an index is not loaded for it: no module does anything when it is imported.
    inputOptions: {
      preserveEntrySignatures: 'allow-extension',
      treeshake: { moduleSideEffects: false },
    },
    outputOptions: {
      chunkFileNames: '[name].cjs',
      codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'hot', test: hot }] },
    },
  },
  { ...command, entry: { start: 'src/cli/start.ts' } },
  // What unpacks images, in a process and a namespace of its own.
  { ...command, entry: { 'unpack-worker': 'src/image-store/worker/main.ts' } },
]);
