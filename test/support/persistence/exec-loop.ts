import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { succeed } from '../command.ts';
import type { PrivateTable } from '../private-table.ts';
import { bundleChild } from '../registration/bundle.ts';
import type { ExecLoopOrder, ExecLoopResult } from '../registration/exec-loop.ts';
import { temporaryDirectory } from '../temporary.ts';
import { probePath } from './probes.ts';

/** Executes arm64 programs in another process until it is ended. */
export async function startLoop({
  pid,
}: PrivateTable): Promise<{ readonly end: () => Promise<ExecLoopResult> }> {
  const script = await bundleChild('exec-loop');
  const control = temporaryDirectory('loop');
  const order: ExecLoopOrder = {
    program: probePath('aarch64'),
    inside: pid,
    started: join(control, 'started'),
    stop: join(control, 'stop'),
  };
  const running = succeed([process.execPath, script, JSON.stringify(order)]);
  while (!existsSync(order.started)) await sleep(10);
  return {
    end: async () => {
      writeFileSync(order.stop, '');
      return JSON.parse((await running).stdout) as ExecLoopResult;
    },
  };
}
