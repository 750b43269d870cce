import type { AccelerateEngineName } from '../engine-names.ts';
import { containersEngine } from './containers.ts';
import { docker } from './docker.ts';
import type { AccelerateEngine } from './engine.ts';

export const accelerateEngines: readonly AccelerateEngine[] = [
  containersEngine('podman'),
  containersEngine('buildah'),
  docker,
];

export function engineOf(name: AccelerateEngineName): AccelerateEngine {
  const found = accelerateEngines.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no engine is called ${name}`);
  return found;
}
