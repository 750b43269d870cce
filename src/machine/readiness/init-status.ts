import { setTimeout as sleep } from 'node:timers/promises';
import { runInGuest } from '../access/run-in-guest.ts';
import { initNote } from '../container-disk/boot-script.ts';
import type { Machine } from '../life/machine.ts';
import type { RunningMachine } from '../record.ts';
import type { CloudInitWait } from './cloud-init-status.ts';

/** What the init of a container image has made of the system. */
export interface InitResult {
  /** `none` where the image has no init, so that there is nothing more to start. */
  readonly status: 'running' | 'degraded' | 'none';
  /** Services that failed, by their names. */
  readonly failed: readonly string[];
}

/** Milliseconds between two questions. */
const pauseMs = 1_000;

/**
 * One word, and behind it the services that failed. systemd's own words are those of systemctl(1), is-system-running; OpenRC notes
 * in /run/openrc that it is at work, and at which level, three of which a boot goes through.
 */
export const initQuestion = `
read -r init <${initNote} || { echo none; exit; }
case $init in
'') echo none;;
*/systemd)
  state=$(systemctl is-system-running 2>/dev/null)
  echo "\${state:-offline}"
  [ "$state" != degraded ] || systemctl list-units --failed --no-legend --plain 2>/dev/null | while read -r unit rest; do echo "$unit"; done;;
*)
  level=
  [ ! -f /run/openrc/softlevel ] || { read -r level </run/openrc/softlevel || :; }
  case $level in
  '' | sysinit | boot) echo starting;;
  *) if [ -e /run/openrc/rc.starting ]; then echo starting; else echo running; fi;;
  esac;;
esac
`;

/** @returns undefined when the signal was given before the init had started what it is to start */
export async function waitForInit(
  machine: Machine,
  running: RunningMachine,
  { attemptMs, signal, onAtWork }: CloudInitWait,
): Promise<InitResult | undefined> {
  while (!signal.aborted) {
    const { exitCode, stdout } = await runInGuest(machine, running, ['sh', '-c', initQuestion], {
      timeoutMs: attemptMs * 6,
      signal,
    });
    // An image without a shell has no services.
    if (exitCode === 127) return { status: 'none', failed: [] };
    const [status = '', ...failed] = stdout.split('\n').filter((line) => line !== '');
    if (status === 'none' || status === 'running' || status === 'degraded') return { status, failed };
    if (status === 'starting' || status === 'initializing') onAtWork();
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
