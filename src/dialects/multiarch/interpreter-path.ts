import type { MultiarchWish } from './options.ts';

/** `/usr/bin/qemu-aarch64-static` */
export function interpreterPath({ qemuPath, qemuSuffix }: MultiarchWish, emulatorName: string): string {
  return `${qemuPath}/qemu-${emulatorName}${qemuSuffix}`;
}
