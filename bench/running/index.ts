import { busyboxRoot } from '../../test/support/fixtures/busybox.ts';
import { guests } from '../../test/support/fixtures/guests.ts';
import { busyboxImage } from '../../test/support/fixtures/images.ts';
import { loadLibrary } from '../library.ts';
import { measure } from '../measure.ts';
import type { Measurement, MeasureOptions } from '../measure.ts';
import { plannedRules } from '../planned-rules.ts';
import { withHostEntry } from './host-entry.ts';
import { anyarchRun } from './peers/anyarch-run.ts';
import { bubblewrap } from './peers/bubblewrap.ts';
import { podman } from './peers/podman.ts';
import { unshareQemu } from './peers/unshare-qemu.ts';

/**
 * Running `true` of an arm64 busybox. podman and bwrap have no table of their own, so the host's gets an entry for as
 * long as this takes.
 */
export async function measureRunning(
  options: MeasureOptions & { readonly scratch: string },
): Promise<Measurement[]> {
  const library = await loadLibrary();
  const [rule] = plannedRules(library, ['arm64']);
  if (rule === undefined) throw new Error('anyarch has no emulator for arm64');
  const [root, image] = [await busyboxRoot(guests.arm64), await busyboxImage(guests.arm64)];
  return withHostEntry(library, rule, async (unregistered) => {
    const stage = { ...options, emulator: rule.interpreter, root, image, unregistered };
    return measure([anyarchRun(), podman(stage), bubblewrap(stage), unshareQemu(stage)], options);
  });
}
