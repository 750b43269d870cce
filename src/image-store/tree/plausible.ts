import { damaged } from '../tar/damaged.ts';
import type { TarEntry } from '../tar/entry.ts';
import { shown } from './bytes-path.ts';

/** The number above means "as it is" to chown(2). */
const mostId = 0xff_ff_ff_fe;
/** Seconds, either way, that a JavaScript Date can tell (ECMA-262, "Time Values"): the year 275760. */
const mostTime = 8.64e12;

/**
 * Numbers that a tar can say and that no file can have.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID
 */
export function checkNumbers({ path, uid, gid, mtime }: TarEntry): void {
  if (uid > mostId || gid > mostId)
    throw damaged(`has a member ${shown(path)} of ${uid}:${gid}, and there are no such ids`);
  if (Math.abs(mtime) > mostTime)
    throw damaged(`has a member ${shown(path)} whose time is out of range: ${mtime}`);
}
