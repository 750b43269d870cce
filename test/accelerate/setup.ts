import { needs } from '../support/engines/requirements.ts';
import { makePreparedState } from '../support/guest-roots/prepared-state.ts';
import shared from '../e2e/setup.ts';

/** Global set-up: as for engines, and what all files wait for is made before they start. */
export default async function setup(): Promise<() => void> {
  const tearDown = await shared();
  const missing = [needs.root, needs.qemu, needs.apt].some((need) => need.missing() !== undefined);
  if (!missing) await makePreparedState();
  return tearDown;
}
