/** Layers point downwards only (docs/architecture.md); features reach each other through index.ts, never in a circle. */
const features = [
  'store',
  'transfer',
  'debian',
  'guest',
  'registration',
  'installed-files',
  'persistence',
  'export',
  'watch',
  'uninstall',
  'emulators',
  'engines',
  'rootless',
  'run',
  'dialects',
  'image',
  'registry',
  'machine',
  'accelerate',
  'cluster',
];
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-imports-only-core',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^src/core/' },
    },
    {
      name: 'host-imports-core-and-host',
      severity: 'error',
      from: { path: '^src/host/' },
      to: { path: '^src/', pathNot: '^src/(core|host)/' },
    },
    {
      name: 'features-never-import-upwards',
      severity: 'error',
      from: { path: `^src/(${features.join('|')})/` },
      to: { path: '^src/(cli|action|entrypoint|doctor|index\\.ts)' },
    },
    {
      name: 'features-meet-through-index',
      severity: 'error',
      from: { path: `^src/(${features.join('|')})/`, pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: `^src/(${features.join('|')})/`, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'tests-of-features-share-what-is-for-tests',
      severity: 'error',
      from: { path: `^src/(${features.join('|')})/.*(\\.test\\.ts$|/testing/)` },
      to: {
        path: `^src/(${features.join('|')})/`,
        pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/[^/]+/testing/'],
      },
    },
    {
      name: 'doctor-never-imports-the-surface',
      severity: 'error',
      from: { path: '^src/doctor/' },
      to: { path: '^src/(cli|action|entrypoint)/' },
    },
    { name: 'only-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/(commander|@types)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
