import { printable } from '../../core/printable.ts';
import type { StartedMachine } from '../../machine/index.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';
import { formatColumns, painted } from '../table.ts';
import { runningFacts } from './machine.ts';

/** What cloud-init could not do is a part of what was asked for: the machine runs, and the exit code is 3. */
export function readyOutcome(
  schema: string,
  name: string,
  { running, how, reached, readyAfterMs, cloudInit, init, clockLateMs }: StartedMachine,
  style: Style,
): Outcome {
  const failed = cloudInit?.status === 'failed';
  const after = readyAfterMs === undefined ? '' : ` after ${(readyAfterMs / 1000).toFixed(1)} s`;
  const isBooting = readyAfterMs === undefined && running.readyMs === undefined;
  const booted = isBooting ? 'it boots, and was not waited for' : 'it booted';
  const first = { cold: booted, state: 'it goes on where it was', already: 'it ran already' }[how];
  const rest = readyAfterMs === undefined ? '' : `, and could be used${after}`;
  const errors = (cloudInit?.errors ?? []).map((error) => `cloud-init: ${printable(error)}\n`);
  const services = (init?.failed ?? []).map((service) => `a service failed: ${printable(service)}\n`);
  return {
    exitCode: failed ? 3 : 0,
    document: {
      schema,
      name,
      how,
      running: runningFacts(running),
      milestones: reached,
      ...(readyAfterMs === undefined ? {} : { readyAfterMs }),
      ...(cloudInit === undefined ? {} : { cloudInit }),
      ...(init === undefined ? {} : { init }),
      ...(clockLateMs === undefined ? {} : { clockLateMs }),
    },
    text: [
      formatColumns([[painted(style.green, 'running'), name, `${first}${rest}`]]),
      ...errors,
      ...services,
      ...(failed ? [`next: anyarch machine shell ${name} -- sudo cat /var/log/cloud-init-output.log\n`] : []),
    ].join(''),
  };
}
