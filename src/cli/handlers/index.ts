import type { Handler } from '../command.ts';
import type { commands } from '../commands/index.ts';
import { handleRun } from './run.ts';

type Commands = (typeof commands)[number];

/** What carries each command out; loaded only when it is called, because start-up time is a feature. */
export const handlers: { readonly [C in Commands as C['name']]: () => Promise<Handler<C['options']>> } = {
  // Not loaded apart: `run` is what everything else makes way for.
  run: () => Promise.resolve(handleRun),
  exec: async () => (await import('./exec.ts')).handleExec,
  'rootless enable': async () => (await import('./rootless.ts')).handleRootlessEnable,
  'rootless disable': async () => (await import('./rootless.ts')).handleRootlessDisable,
  'rootless status': async () => (await import('./rootless.ts')).handleRootlessStatus,
  'rootless ensure': async () => (await import('./rootless-ensure.ts')).handleRootlessEnsure,
  register: async () => (await import('./register.ts')).handleRegister,
  unregister: async () => (await import('./register.ts')).handleUnregister,
  release: async () => (await import('./release.ts')).handleRelease,
  status: async () => (await import('./status.ts')).handleStatus,
  explain: async () => (await import('./explain.ts')).handleExplain,
  doctor: async () => (await import('./doctor.ts')).handleDoctor,
  debug: async () => (await import('./debug.ts')).handleDebug,
  export: async () => (await import('./export.ts')).handleExport,
  watch: async () => (await import('./watch.ts')).handleWatch,
  'watch enable': async () => (await import('./watch-service.ts')).handleWatchEnable,
  'watch disable': async () => (await import('./watch-service.ts')).handleWatchDisable,
  'watch status': async () => (await import('./watch-service.ts')).handleWatchStatus,
  'persist enable': async () => (await import('./persist.ts')).handlePersistEnable,
  'persist disable': async () => (await import('./persist.ts')).handlePersistDisable,
  'persist status': async () => (await import('./persist.ts')).handlePersistStatus,
  'emulators list': async () => (await import('./emulators.ts')).handleList,
  'emulators fetch': async () => (await import('./emulators.ts')).handleFetch,
  'emulators verify': async () => (await import('./emulators.ts')).handleVerify,
  'accelerate prepare': async () => (await import('./accelerate-tools.ts')).handlePrepare,
  'accelerate list': async () => (await import('./accelerate-tools.ts')).handleToolsList,
  'accelerate verify': async () => (await import('./accelerate-tools.ts')).handleToolsVerify,
  'accelerate remove': async () => (await import('./accelerate-tools.ts')).handleToolsRemove,
  'accelerate enable': async () => (await import('./accelerate.ts')).handleAccelerateEnable,
  'accelerate disable': async () => (await import('./accelerate.ts')).handleAccelerateDisable,
  'accelerate status': async () => (await import('./accelerate.ts')).handleAccelerateStatus,
  'accelerate report': async () => (await import('./accelerate-report.ts')).handleAccelerateReport,
  build: async () => (await import('./build.ts')).handleBuild,
  'image build': async () => (await import('./image-build.ts')).handleImageBuild,
  'image inspect': async () => (await import('./image-inspect.ts')).handleImageInspect,
  'image compare': async () => (await import('./image-compare.ts')).handleImageCompare,
  'image push': async () => (await import('./image-transfer.ts')).handleImagePush,
  'image pull': async () => (await import('./image-transfer.ts')).handleImagePull,
  'image list': async () => (await import('./image-store.ts')).handleImageList,
  'image verify': async () => (await import('./image-store.ts')).handleImageVerify,
  'image remove': async () => (await import('./image-store.ts')).handleImageRemove,
  'image prune': async () => (await import('./image-store.ts')).handleImagePrune,
  uninstall: async () => (await import('./uninstall.ts')).handleUninstall,
  completion: async () => (await import('./completion.ts')).handleCompletion,
};
