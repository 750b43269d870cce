import { machine } from 'node:os';
import { launcherHostOf } from '../../src/core/launcher/find-launcher-host.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';

/** A tiny static program for this machine that exits with the code. */
export function nativeProgram(exitCode: number): Uint8Array {
  const host = launcherHostOf(machine());
  if (host === undefined) throw new Error(`no probe for ${machine()}`);
  return buildProbe(host.name, exitCode);
}
