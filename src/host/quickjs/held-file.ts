import type { Files } from '../files.ts';
import { ignoring } from '../system-error.ts';
import { temporaryName } from '../temporary-name.ts';
import { systemCall } from './system-call.ts';
import { withDescriptor } from './with-descriptor.ts';

/** Neither such locks nor further names of files exist everywhere. */
const unsupported = ['EPERM', 'ENOTSUP', 'ENOSYS', 'ENOLCK', 'EINVAL'];

export const heldFiles: Required<Pick<Files, 'createHeld' | 'isHeld'>> = {
  createHeld,
  isHeld: (path) =>
    systemCall('open', path, () =>
      withDescriptor(kernel.openToRead(path), (descriptor) => {
        // Who can open a file can lock it, and keep others out: one of an earlier anyarch may be open to all.
        ignoring([...unsupported, 'EROFS'], () => {
          systemCall('fchmod', path, () => {
            kernel.chmod(descriptor, 0o600);
          });
        });
        const isFree = ignoring(unsupported, () =>
          systemCall('flock', path, () => kernel.tryLock(descriptor, true)),
        );
        return isFree === undefined ? undefined : !isFree;
      }),
    ),
};

/** Locked before it gets its name: nobody meets it without the lock. */
function createHeld(path: string, data: Uint8Array): (() => void) | undefined {
  const temporary = temporaryName(path, kernel.identity().pid);
  const descriptor = systemCall('open', path, () => kernel.create(temporary, 0o600));
  const close = (): void => {
    kernel.close(descriptor);
  };
  let isHeld: boolean | undefined;
  try {
    isHeld = ignoring(unsupported, () =>
      systemCall('open', path, () => {
        kernel.writeAll(descriptor, data);
        kernel.synchronize(descriptor);
        if (!kernel.tryLock(descriptor, false)) return false;
        systemCall('link', path, () => {
          kernel.link(temporary, path);
        });
        return true;
      }),
    );
  } finally {
    ignoring(['ENOENT'], () => {
      systemCall('unlink', temporary, () => {
        kernel.unlink(temporary);
      });
    });
    if (isHeld !== true) close();
  }
  return isHeld === true ? close : undefined;
}
