/** The names that anyarch gives to the entries of one architecture. */
export interface EntryNames {
  /** What QEMU's script, Debian, docker's and podman's documentation and people's scripts look for. */
  readonly canonical: string;
  /** When the canonical one is somebody else's. */
  readonly fallback: string;
  /** Stands in while the other is being replaced. */
  readonly temporary: string;
}

/** @param architecture QEMU's target name */
export function entryNames(architecture: string): EntryNames {
  return {
    canonical: `qemu-${architecture}`,
    fallback: `anyarch-${architecture}`,
    temporary: `anyarch-${architecture}-next`,
  };
}

/** Undefined for a name that no QEMU registering tool gives. */
export function architectureInName(name: string): string | undefined {
  return /^(?:qemu|anyarch)-([a-z0-9_]+?)(?:-next)?$/.exec(name)?.[1];
}
