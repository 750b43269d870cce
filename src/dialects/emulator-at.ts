import { AnyarchError } from '../core/error.ts';
import { chooseEmulator, describedEmulator, unseenEmulator, type Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';

/**
 * The emulator that an entry will start. The path is registered as it is written: without flag F it is looked up in
 * every container, where links lead elsewhere.
 *
 * @param target QEMU's target name
 * @param path absolute
 * @param fixBinary flag F
 * @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND, ANYARCH_EMULATOR_UNUSABLE
 */
export function emulatorAt(
  host: Pick<Host, 'files' | 'processes' | 'system'>,
  target: string,
  path: string,
  fixBinary: boolean,
): Emulator {
  if (host.files.status(path) === undefined) {
    if (!fixBinary) return unseenEmulator(target, path);
    throw new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', `there is no ${path}, and flag F opens it now`, {
      hint: 'use the tag "latest", which has all emulators; or mount yours there; or do without flag F',
    });
  }
  const described = describedEmulator(host, target, path);
  if (described !== undefined) return described;
  const { emulator, candidates } = chooseEmulator(host, target, { qemu: path, allowDynamic: !fixBinary });
  if (emulator !== undefined) return { ...emulator, path };
  const [reason = 'it cannot be used'] = candidates.flatMap(({ rejected }) => rejected ?? []);
  throw new AnyarchError('ANYARCH_EMULATOR_UNUSABLE', `${path} cannot be registered: ${reason}`, {
    hint: 'put a static QEMU for this machine there, or name another place',
  });
}
