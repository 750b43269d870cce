import type { Check } from '../../check.ts';
import { argumentsShifted } from './arguments-shifted.ts';
import { argv0Lost } from './argv0-lost.ts';
import { setuidNotHonoured } from './setuid-not-honoured.ts';
import { setuidWithoutCredentials } from './setuid-without-credentials.ts';

export const flagsChecks: readonly Check[] = [
  argumentsShifted,
  argv0Lost,
  setuidWithoutCredentials,
  setuidNotHonoured,
];
