import type { Host } from '../host/host.ts';
import { removeStore } from '../image-store/index.ts';
import type { FeatureOptions } from './remove-features.ts';
import { joined, type StepResult } from './report.ts';

/** Removes the unpacked images but those that running commands use. */
export async function removeUnpackedImages(
  host: Host,
  { state, dryRun }: FeatureOptions,
): Promise<StepResult> {
  const images = await removeStore(host, state, { dryRun });
  return joined(
    images.map(({ outcome, path, size, error }): StepResult => {
      if (outcome === 'removed')
        return { removed: [{ kind: 'tree', subject: path, bytes: size, place: state }], left: [] };
      const reason = error?.message ?? 'a running command uses it';
      const failure = {
        code: error?.code ?? 'ANYARCH_IN_USE',
        message: reason,
        hint: error?.hint ?? 'end what runs, then call it again',
      } as const;
      return { removed: [], left: [{ subject: path, reason, place: state, error: failure }] };
    }),
  );
}
