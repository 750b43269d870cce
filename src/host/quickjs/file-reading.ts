import { concatBytes } from '../../core/bytes.ts';
import { systemCall } from './system-call.ts';
import { withDescriptor } from './with-descriptor.ts';

/** Bytes at a time: the files of /proc give all that they have in one piece of this size. */
const chunkSize = 1 << 16;

export function read(path: string): Uint8Array {
  return systemCall('read', path, () =>
    withDescriptor(kernel.openToRead(path), (descriptor) =>
      collect(() => kernel.read(descriptor, chunkSize)),
    ),
  );
}

export function readAt(path: string, offset: number, length: number): Uint8Array {
  return systemCall('read', path, () =>
    withDescriptor(kernel.openToRead(path), (descriptor) => {
      let filled = 0;
      return collect(() => {
        const part = kernel.read(descriptor, length - filled, offset + filled);
        filled += part.length;
        return part;
      });
    }),
  );
}

/** Until there is nothing more. */
function collect(next: () => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = next();
    if (part.length === 0) return concatBytes(parts);
    parts.push(part);
  }
}
