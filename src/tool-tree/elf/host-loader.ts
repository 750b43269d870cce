/** What Debian's glibc has compiled in for one host architecture. */
export interface HostLoader {
  /** PT_INTERP of its programs. */
  readonly interpreter: string;
  /** The loader's system directories, in its order, as they are in the file: each ends with a zero byte, their lengths are compiled in. */
  readonly systemDirectories: readonly string[];
}

/**
 * By QEMU's name of the host. Others have no entry: ppc64el's and s390x's names are too short for a path in the tree
 * (`/lib64/ld64.so.2` 16 bytes, `/lib/ld64.so.1` 14), and no host was there to test riscv64's.
 */
const hostLoaders: Readonly<Record<string, HostLoader>> = {
  x86_64: loaderOf('/lib64/ld-linux-x86-64.so.2', 'x86_64-linux-gnu'),
  aarch64: loaderOf('/lib/ld-linux-aarch64.so.1', 'aarch64-linux-gnu'),
};

export function hostLoader(architecture: string): HostLoader | undefined {
  return Object.hasOwn(hostLoaders, architecture) ? hostLoaders[architecture] : undefined;
}

function loaderOf(interpreter: string, triplet: string): HostLoader {
  return {
    interpreter,
    systemDirectories: [`/lib/${triplet}/`, `/usr/lib/${triplet}/`, '/lib/', '/usr/lib/'],
  };
}
