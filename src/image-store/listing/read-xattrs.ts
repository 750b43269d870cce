import type { Step, Variable } from '../../core/launcher/program.ts';
import { text } from '../tree/extended.ts';
import type { TreePath } from '../tree/bytes-path.ts';
import type { Launch } from '../worker/launcher.ts';

/** XATTR_SIZE_MAX (include/uapi/linux/limits.h). */
const mostBytes = 65536;
/** System calls of one launcher. */
const batch = 128;

interface Asked {
  readonly path: TreePath;
  readonly name: string;
}

/** Values in base64 by path and name; what is not there is left out. */
export function readXattrs(
  launch: Launch,
  asked: readonly Asked[],
): ReadonlyMap<TreePath, Readonly<Record<string, string>>> {
  const found = new Map<TreePath, Record<string, string>>();
  for (let start = 0; start < asked.length; start += batch) {
    const part = asked.slice(start, start + batch);
    valuesOf(launch, part).forEach((value, index) => {
      const one = part[index];
      if (one === undefined || value === undefined) return;
      const values = found.get(one.path) ?? {};
      values[one.name] = value.toString('base64');
      found.set(one.path, values);
    });
  }
  return found;
}

/** Of each a length (int32, negative for an errno) comes through descriptor 4, then as many bytes. */
function valuesOf(launch: Launch, asked: readonly Asked[]): (Buffer | undefined)[] {
  const buffer = new Uint8Array(mostBytes);
  const length: Variable = { variable: 'length' };
  const steps = asked.flatMap(({ path, name }): Step[] => [
    {
      call: 'lgetxattr',
      arguments: [text(path), text(name), buffer, mostBytes],
      store: length,
      onError: 'ignore',
    },
    { call: 'write', arguments: [4, { pointerTo: length }, 4] },
    // EFAULT or EINVAL for a negative length, which has been told.
    { call: 'write', arguments: [4, buffer, length], onError: 'ignore' },
  ]);
  const { failure, output } = launch(steps);
  if (failure !== undefined) throw new Error(`the launcher could not report: ${failure.errno}`);
  let at = 0;
  return asked.map(() => {
    const size = isLittle ? output.readInt32LE(at) : output.readInt32BE(at);
    at += 4;
    if (size < 0) return undefined;
    at += size;
    return output.subarray(at - size, at);
  });
}

const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
