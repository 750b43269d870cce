import { beforeAll, expect } from 'vitest';
import { needs } from '../engines/requirements.ts';
import { busybox } from '../fixtures/busybox.ts';
import { guests } from '../fixtures/guests.ts';
import { qemuBinary } from '../fixtures/qemu.ts';
import { programsRequirement } from './programs.ts';
import { guestPath, openLaboratory, patchedIn, runCase } from './sandbox.ts';
import type { Case, Laboratory, Outcome } from './sandbox.ts';

/** arm64's busybox, whose interposed emulator says why it was not substituted. */
export interface FollowedCases {
  readonly laboratory: Laboratory;
  readonly guest: string;
  readonly run: (input?: Partial<Case>) => Promise<Outcome>;
  /** That the guest ran emulated, for this reason only. */
  readonly expectEmulated: (input: Partial<Case>, reason: string, detail: string) => Promise<void>;
}

/** Made before the tests of the file; what it gives can be used in them, and in a `beforeAll` after it. */
export function useFollowedCases(): FollowedCases {
  let made: Pick<FollowedCases, 'laboratory' | 'guest'> & { readonly emulator: string };
  beforeAll(async () => {
    if (programsRequirement.missing() !== undefined || needs.qemu.missing() !== undefined) return;
    const laboratory = await openLaboratory();
    const emulator = patchedIn(laboratory, await qemuBinary('11.1', 'aarch64'), 'qemu-aarch64');
    made = { laboratory, emulator, guest: await busybox(guests.arm64) };
  }, 300_000);
  const runHere = (input: Partial<Case> = {}): Promise<Outcome> => {
    const { laboratory, emulator, guest } = made;
    return runCase(laboratory, { emulator, guest, flags: 'FPO', log: 'followed', ...input });
  };
  return {
    get laboratory() {
      return made.laboratory;
    },
    get guest() {
      return made.guest;
    },
    run: runHere,
    expectEmulated: async (input, reason, detail) => {
      const result = await runHere(input);
      expect(result).toMatchObject({ native: undefined, stdout: 'emulated\n', exitCode: 0 });
      expect(result.log).toEqual([['E', reason, detail, guestPath]]);
    },
  };
}
