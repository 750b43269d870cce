import type { Check } from '../../check.ts';
import { architectureNotNative } from './architecture-not-native.ts';
import { architectureUnknown } from './architecture-unknown.ts';
import { libraryMissing } from './library-missing.ts';
import { loaderMissing } from './loader-missing.ts';
import { programMissing } from './program-missing.ts';
import { programNotExecutable } from './program-not-executable.ts';
import { programNotRunnable } from './program-not-runnable.ts';
import { programTruncated } from './program-truncated.ts';
import { scriptCrlf } from './script-crlf.ts';
import { scriptInterpreterMissing } from './script-interpreter-missing.ts';

export const programChecks: readonly Check[] = [
  programMissing,
  programNotExecutable,
  programTruncated,
  programNotRunnable,
  architectureUnknown,
  architectureNotNative,
  scriptCrlf,
  scriptInterpreterMissing,
  loaderMissing,
  libraryMissing,
];
