import { expect } from 'vitest';
import type { Boot, Step } from './results.ts';

/** How a probe ends: it exits with 42, or execve(2) fails with this errno. */
export const works = { exitCode: 42, output: '' };
export const unregistered = { exitCode: 1, output: 'errno 8' };

export function step(boot: Boot, name: string): Step {
  const found = boot.steps.get(name);
  if (found === undefined)
    throw new Error(`there is no step ${name} among ${[...boot.steps.keys()].join(', ')}`);
  return found;
}

/** Fails with the output of each of the steps that failed. */
export function expectSucceeded(boot: Boot, ...names: readonly string[]): void {
  const failed = names
    .map((name) => ({ name, ...step(boot, name) }))
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ name, exitCode, output }) => `${name}: ${exitCode}\n${output}`);
  expect(failed).toEqual([]);
}

/** What stands in the way of an unmount or a stop, as systemd and the kernel call it. */
const troubles =
  /^.*(A stop job is running|Failed unmounting|Failed to unmount|Could not unmount|target is busy|Waiting for process|Unable to finalize remaining|recovery complete|hung task|blocked for more than).*$/gm;

/** Seconds of the machine's clock, which counts instructions: OpenRC's scripts need 17, systemd and runit 2. */
const swiftSeconds = 30;

/** The machine went down without waiting for anything. */
export function expectSwiftReboot(boot: Boot): void {
  expect(boot.shutdownSeconds).toBeLessThan(swiftSeconds);
  expect(troublesOf(boot)).toEqual([]);
}

export function troublesOf(boot: Boot): readonly string[] {
  return boot.console.match(troubles) ?? [];
}
