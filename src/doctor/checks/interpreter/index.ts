import type { Check } from '../../check.ts';
import { emulatorFails } from './emulator-fails.ts';
import { interpreterDynamic } from './interpreter-dynamic.ts';
import { interpreterForeign } from './interpreter-foreign.ts';
import { interpreterIsScript } from './interpreter-is-script.ts';
import { interpreterMissing } from './interpreter-missing.ts';
import { interpreterNoexec } from './interpreter-noexec.ts';
import { interpreterNotExecutable } from './interpreter-not-executable.ts';
import { interpreterNotInRoot } from './interpreter-not-in-root.ts';
import { interpreterReplaced } from './interpreter-replaced.ts';
import { nativeEmulated } from './native-emulated.ts';

export const interpreterChecks: readonly Check[] = [
  nativeEmulated,
  interpreterMissing,
  interpreterNotExecutable,
  interpreterNoexec,
  interpreterForeign,
  interpreterIsScript,
  interpreterNotInRoot,
  interpreterDynamic,
  interpreterReplaced,
  emulatorFails,
];
