import * as fs from 'node:fs';
import type { Files } from '../files.ts';
import { ignoring } from '../system-error.ts';
import { temporaryName } from '../temporary-name.ts';
import type { Flock } from './flock.ts';
import { systemCall } from './system-call.ts';

/** Neither such locks nor further names of files exist everywhere. */
const unsupported = ['EPERM', 'ENOTSUP', 'ENOSYS', 'ENOLCK', 'EINVAL'];

export function heldFiles(flock: Flock): Required<Pick<Files, 'createHeld' | 'isHeld'>> {
  return {
    createHeld: (path, data) => createHeld(flock, path, data),
    isHeld: (path) => {
      const descriptor = systemCall('open', path, () => fs.openSync(path, 'r'));
      try {
        closeToOthers(descriptor);
        const isFree = ignoring(unsupported, () => flock(descriptor, 'shared'));
        return isFree === undefined ? undefined : !isFree;
      } finally {
        fs.closeSync(descriptor);
      }
    },
  };
}

/** Who can open a file can lock it, and keep others out: one of an earlier anyarch may be open to all. */
function closeToOthers(descriptor: number): void {
  ignoring([...unsupported, 'EROFS'], () => {
    systemCall('fchmod', undefined, () => {
      fs.fchmodSync(descriptor, 0o600);
    });
  });
}

/** Locked before it gets its name: nobody meets it without the lock. */
function createHeld(flock: Flock, path: string, data: Uint8Array): (() => void) | undefined {
  const temporary = temporaryName(path, process.pid);
  const descriptor = systemCall('open', path, () => fs.openSync(temporary, 'wx', 0o600));
  let isHeld = false;
  try {
    isHeld =
      ignoring(unsupported, () =>
        systemCall('open', path, () => {
          fs.writeFileSync(descriptor, data);
          fs.fsyncSync(descriptor);
          if (!flock(descriptor, 'exclusive')) return false;
          systemCall('link', path, () => {
            fs.linkSync(temporary, path);
          });
          return true;
        }),
      ) ?? false;
  } finally {
    fs.rmSync(temporary, { force: true });
    if (!isHeld) fs.closeSync(descriptor);
  }
  return isHeld
    ? () => {
        fs.closeSync(descriptor);
      }
    : undefined;
}
