import { AnyarchError } from '../core/error.ts';
import { architectureMatrix } from './architecture-matrix.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Examination } from './examination.ts';
import { fileExplanation } from './facts/explanation.ts';
import type { PageContent } from './html/page.ts';
import type { Fix } from './repair.ts';

/** What the page shows beside the diagnosis; what cannot be found out is told on it and fails nothing. */
export function pageContent(
  examination: Examination,
  { diagnosis, fixes }: { readonly diagnosis: Diagnosis; readonly fixes?: readonly Fix[] },
  version: string,
): PageContent {
  const { system, clock } = examination.host;
  const architectures = attempt(() => architectureMatrix(examination));
  const explanation = attempt(() => fileExplanation(examination));
  return {
    diagnosis,
    fixes,
    architectures: 'value' in architectures ? architectures.value : architectures.reason,
    explanation: 'value' in explanation ? explanation.value : undefined,
    isRoot: system.uid === 0,
    machine: `Linux ${system.kernelRelease}, ${system.machine}`,
    at: new Date(clock.now()).toISOString(),
    version,
  };
}

function attempt<T>(look: () => T): { readonly value: T } | { readonly reason: string } {
  try {
    return { value: look() };
  } catch (error) {
    // As with checks: whatever it is, bugs included, is told, and the rest is shown.
    if (error instanceof AnyarchError) return { reason: `${error.message} (${error.code})` };
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}
