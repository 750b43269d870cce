import type { Check } from '../../check.ts';
import { lostAtBoot } from './lost-at-boot.ts';
import { notPersisted } from './not-persisted.ts';
import { persistedNotInForce } from './persisted-not-in-force.ts';
import { persistenceBroken } from './persistence-broken.ts';
import { rootlessBroken } from './rootless-broken.ts';

export const bootChecks: readonly Check[] = [
  persistenceBroken,
  persistedNotInForce,
  lostAtBoot,
  notPersisted,
  rootlessBroken,
];
