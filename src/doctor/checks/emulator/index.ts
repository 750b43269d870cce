import type { Check } from '../../check.ts';
import { emulationUnsupported } from './emulation-unsupported.ts';
import { emulatorAdvisedAgainst } from './emulator-advised-against.ts';
import { emulatorOfUnknownOrigin } from './emulator-of-unknown-origin.ts';
import { emulatorOutdated } from './emulator-outdated.ts';
import { emulatorSlow } from './emulator-slow.ts';
import { emulatorUntested } from './emulator-untested.ts';

export const emulatorChecks: readonly Check[] = [
  emulatorAdvisedAgainst,
  emulationUnsupported,
  emulatorSlow,
  emulatorOutdated,
  emulatorUntested,
  emulatorOfUnknownOrigin,
];
