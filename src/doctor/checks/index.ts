import type { Check } from '../check.ts';
import { kernelChecks } from './kernel/index.ts';
import { mountChecks } from './mount/index.ts';
import { entryChecks } from './entry/index.ts';
import { interpreterChecks } from './interpreter/index.ts';
import { flagsChecks } from './flags/index.ts';
import { programChecks } from './program/index.ts';
import { emulatorChecks } from './emulator/index.ts';
import { namespacesChecks } from './namespaces/index.ts';
import { confinementChecks } from './confinement/index.ts';
import { engineChecks } from './engine/index.ts';
import { imageChecks } from './image/index.ts';
import { bootChecks } from './boot/index.ts';
import { resourcesChecks } from './resources/index.ts';

/** From causes to what they cause: of two faults that explain a message as well, the first one is the cause. */
export const checks: readonly Check[] = [
  ...kernelChecks,
  ...mountChecks,
  ...entryChecks,
  ...interpreterChecks,
  ...flagsChecks,
  ...programChecks,
  ...emulatorChecks,
  ...namespacesChecks,
  ...confinementChecks,
  ...engineChecks,
  ...imageChecks,
  ...bootChecks,
  ...resourcesChecks,
];
