import { CLONE_NEWNS, MS_PRIVATE, MS_REC } from '../../../src/core/launcher/constants.ts';
import { succeed } from '../command.ts';
import { asUser, createUserHome } from '../engines/user.ts';
import { startHolder } from '../holder.ts';
import { laboratoryWith, type Laboratory } from './laboratory.ts';
import type { CommandResult } from '../command.ts';

/** An ordinary user on a machine whose /etc and /usr/bin can be changed, and are nobody else's. */
export interface UserLaboratory extends Laboratory {
  /** As root of that machine. @throws Error where it does not end with 0 */
  readonly asRoot: (command: readonly string[]) => Promise<CommandResult>;
}

export async function userLaboratory(): Promise<UserLaboratory> {
  const { pid, close } = await startHolder([
    { call: 'unshare', arguments: [CLONE_NEWNS] },
    { call: 'mount', arguments: ['none', '/', 0, MS_REC | MS_PRIVATE, 0] },
  ]);
  const enter = ['nsenter', '--target', `${pid}`, '--mount', '--'];
  await succeed([...enter, 'sh', '-c', overlays]);
  const home = createUserHome();
  const laboratory = laboratoryWith((command) => [...enter, ...asUser(command)], close, {
    ...home.environment,
    ANYARCH_HOME: home.directory,
  });
  return { ...laboratory, asRoot: (command) => succeed([...enter, ...command]) };
}

/** In memory; what is written there ends with the namespace. */
const overlays = `set -e
mount -t tmpfs none /mnt
for d in etc usr/bin; do
  mkdir -p "/mnt/$d/upper" "/mnt/$d/work"
  mount -t overlay none -o "lowerdir=/$d,upperdir=/mnt/$d/upper,workdir=/mnt/$d/work" "/$d"
done`;
