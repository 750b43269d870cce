import { accelerateDisable, accelerateEnable, accelerateStatus } from './accelerate.ts';
import { accelerateReport } from './accelerate-report.ts';
import { accelerateList, acceleratePrepare, accelerateRemove, accelerateVerify } from './accelerate-tools.ts';
import { build } from './build.ts';
import { completion } from './completion.ts';
import { debug } from './debug.ts';
import { doctor } from './doctor.ts';
import { emulatorsFetch, emulatorsList, emulatorsVerify } from './emulators.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { exportRules } from './export.ts';
import { imageCompare } from './image-compare.ts';
import { imageFromDisk } from './image-from-disk.ts';
import { imageList, imagePrune, imageRemove, imageVerify } from './image-store.ts';
import { imagePull, imagePush } from './image-transfer.ts';
import { imageBuild, imageInspect } from './image.ts';
import { machineConsole, machineCopy, machineShell } from './machine-access.ts';
import { machineCreate } from './machine-create.ts';
import { machineRemove, machineResize, machineStart, machineStop, machineWait } from './machine-life.ts';
import { machineList, machineLogs, machineShow } from './machine-look.ts';
import { machinePrune } from './machine-prune.ts';
import { machineRestart } from './machine-restart.ts';
import { machineSet } from './machine-set.ts';
import { machineSnapshot } from './machine-snapshot.ts';
import { machineSshConfig } from './machine-ssh-config.ts';
import { machineXml } from './machine-xml.ts';
import { persistDisable, persistEnable, persistStatus } from './persist.ts';
import { register } from './register.ts';
import { release } from './release.ts';
import { rootlessEnsure } from './rootless-ensure.ts';
import { rootlessDisable, rootlessEnable, rootlessStatus } from './rootless.ts';
import { run } from './run.ts';
import { status } from './status.ts';
import { uninstallAll } from './uninstall.ts';
import { unregister } from './unregister.ts';
import { watchDisable, watchEnable, watchStatus } from './watch-service.ts';
import { watch } from './watch.ts';

/** Every command, in the order of the help. */
export const commands = [
  run,
  exec,
  rootlessEnable,
  rootlessDisable,
  rootlessStatus,
  rootlessEnsure,
  register,
  unregister,
  release,
  status,
  explain,
  doctor,
  debug,
  persistEnable,
  persistDisable,
  persistStatus,
  exportRules,
  watch,
  watchEnable,
  watchDisable,
  watchStatus,
  emulatorsList,
  emulatorsFetch,
  emulatorsVerify,
  acceleratePrepare,
  accelerateList,
  accelerateVerify,
  accelerateRemove,
  accelerateEnable,
  accelerateDisable,
  accelerateStatus,
  accelerateReport,
  build,
  imageBuild,
  imageInspect,
  imageCompare,
  imageFromDisk,
  imagePush,
  imagePull,
  imageList,
  imageVerify,
  imageRemove,
  imagePrune,
  machineCreate,
  machineStart,
  machineShell,
  machineCopy,
  machineSshConfig,
  machineConsole,
  machineList,
  machineShow,
  machineLogs,
  machineWait,
  machineStop,
  machineRestart,
  machineSnapshot,
  machineSet,
  machineResize,
  machineRemove,
  machinePrune,
  machineXml,
  uninstallAll,
  completion,
] as const;
