import type { Host } from '../host/host.ts';
import { callsShellProgram } from './init/caller.ts';
import { initCandidates } from './init/detect.ts';
import type { InitName } from './init/init-name.ts';
import { systemdFacts, unitText } from './init/systemd-facts.ts';
import { tableAfterBoot } from './order/after-boot.ts';
import type { BootRule } from './order/boot-rule.ts';

/** The entries that there will be after the next boot, the newest first, by the files that are there now. */
export function bootTable(host: Pick<Host, 'files'>, init: InitName): BootRule[] {
  const candidates = initCandidates(host);
  const isInstalled = (name: InitName) => candidates.some((one) => one.init === name && one.isInstalled);
  // A masked unit reads as an empty one.
  const isMasked = isInstalled('systemd') && unitText(host, 'binfmt-support.service') === '';
  return tableAfterBoot(host, {
    init,
    systemd: systemdFacts(host, []),
    hasFormats: isInstalled('debian') && !isMasked,
    hasOwn: callsShellProgram(host, init),
  });
}
