import type { Check } from '../../check.ts';
import { argumentsShifted } from './arguments-shifted.ts';
import { argv0Lost } from './argv0-lost.ts';
import { setuidOnNosuid } from './setuid-on-nosuid.ts';
import { setuidWithoutCredentials } from './setuid-without-credentials.ts';

export const flagsChecks: readonly Check[] = [
  argumentsShifted,
  argv0Lost,
  setuidOnNosuid,
  setuidWithoutCredentials,
];
