import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import type { Persisted } from './document.ts';
import { detectInit, requireInit } from './init/detect.ts';
import type { InitName } from './init/init-name.ts';

/**
 * What registers at boot: what does so already, or was about to when a command was killed, what is asked for, or what runs here. Two would register everything
 * twice, and undo each other's order.
 *
 * @throws AnyarchError ANYARCH_PERSISTED_OTHERWISE, ANYARCH_INIT_UNKNOWN
 */
export function chooseInit(
  host: Pick<Host, 'files'>,
  wanted: InitName | undefined,
  before: Persisted | undefined,
): InitName {
  const isInUse = before !== undefined && (before.architectures.length > 0 || before.changing === true);
  if (!isInUse) return wanted === undefined ? detectInit(host) : requireInit(host, wanted);
  if (wanted === undefined || wanted === before.init) return requireInit(host, before.init);
  throw new AnyarchError(
    'ANYARCH_PERSISTED_OTHERWISE',
    `${before.init} registers entries at boot already, since ${before.at}: ${wanted} would do it a second time`,
    { hint: `anyarch persist disable, then: anyarch persist enable --init ${wanted}` },
  );
}
