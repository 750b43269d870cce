import { AnyarchError } from '../../core/error.ts';
import { chooseEmulator, describedEmulator, unseenEmulator, type Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import type { MultiarchWish } from './options.ts';

/** `/usr/bin/qemu-aarch64-static` */
export function interpreterPath(
  { qemuPath, qemuSuffix }: Pick<MultiarchWish, 'qemuPath' | 'qemuSuffix'>,
  emulatorName: string,
): string {
  return `${qemuPath}/qemu-${emulatorName}${qemuSuffix}`;
}

/**
 * What the entry of a target will start. The path is registered as it is written: without flag F it is looked up in
 * every container, where links lead elsewhere.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND, ANYARCH_EMULATOR_UNUSABLE
 */
export function chooseForTarget(
  host: Pick<Host, 'files' | 'processes' | 'system'>,
  target: string,
  wish: Pick<MultiarchWish, 'qemuPath' | 'qemuSuffix' | 'fixBinary'>,
): Emulator {
  const path = interpreterPath(wish, target);
  if (host.files.status(path) === undefined) {
    if (!wish.fixBinary) return unseenEmulator(target, path);
    throw new AnyarchError(
      'ANYARCH_EMULATOR_NOT_FOUND',
      `there is no ${path}, and --persistent yes opens it now`,
      {
        hint: 'use the tag "latest", which has all emulators; or mount yours there; or leave --persistent yes out',
      },
    );
  }
  const described = describedEmulator(host, target, path);
  if (described !== undefined) return described;
  const { emulator, candidates } = chooseEmulator(host, target, {
    qemu: path,
    allowDynamic: !wish.fixBinary,
  });
  if (emulator !== undefined) return { ...emulator, path };
  const [reason = 'it cannot be used'] = candidates.flatMap(({ rejected }) => rejected ?? []);
  throw new AnyarchError('ANYARCH_EMULATOR_UNUSABLE', `${path} cannot be registered: ${reason}`, {
    hint: `put a static QEMU for this machine there, or name another directory with --qemu-path`,
  });
}
