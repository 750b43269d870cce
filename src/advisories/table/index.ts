import type { Advisory } from '../advisory.ts';
import { goAdvisories } from './go.ts';
import { machineAdvisories } from './machines.ts';
import { nodeAdvisories } from './node.ts';
import { processorAdvisories } from './processors.ts';
import { runtimeAdvisories } from './runtimes.ts';
import { systemCallAdvisories } from './system-calls.ts';
import { unsupportedAdvisories } from './unsupported.ts';
import { versionAdvisories } from './versions.ts';

/** Known-bad combinations; a file for each kind of cause. */
export const advisories: readonly Advisory[] = [
  ...versionAdvisories,
  ...systemCallAdvisories,
  ...processorAdvisories,
  ...goAdvisories,
  ...nodeAdvisories,
  ...runtimeAdvisories,
  ...unsupportedAdvisories,
  ...machineAdvisories,
];
