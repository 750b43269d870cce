import type { AccelerateEngineName } from './engine-names.ts';

export interface AccelerateOptions {
  /** `found`: every engine that is there (enable), or that is enabled (disable). */
  readonly engines: readonly AccelerateEngineName[] | 'found';
  /** The state directory, absolute. */
  readonly state: string;
  /** Where the package has its programs: `build/` of it. */
  readonly build: string;
  readonly dryRun: boolean;
  /** Files of ours that somebody changed are replaced or removed, and kept beside. */
  readonly force: boolean;
}
