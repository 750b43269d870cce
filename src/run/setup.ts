import type { TableRule } from '../private-table/index.ts';

/** The guest's root file system, as seen from the host. */
export type GuestRoot =
  /** The host's own files. */
  (
    | { readonly kind: 'host' }
    /** A directory, used as it is: writes stay. */
    | { readonly kind: 'directory'; readonly path: string }
    /** A directory below an overlay in memory: writes are gone afterwards. */
    | { readonly kind: 'ephemeral'; readonly path: string }
  ) & {
    /**
     * Everything is read-only but binds and, in a root of its own, /dev. Of the host's files the targets of binds must
     * exist.
     */
    readonly readOnly?: boolean;
  };

export interface Bind {
  /** Absolute, on the host. */
  readonly source: string;
  /** Absolute, in the guest. */
  readonly target: string;
  readonly readOnly: boolean;
  readonly kind: 'directory' | 'file';
  /** A bind that the guest can do without (resolv.conf): a failure is passed over. */
  readonly optional?: boolean;
  /** Set-user-id programs and devices in it have no effect. */
  readonly isPowerless?: boolean;
}

/**
 * - `self`: one id, written by the launcher itself (the only one that needs no privilege and no helper)
 * - `parent`: the calling process writes the maps while the launcher waits
 */
export type Mapping =
  { readonly kind: 'self'; readonly uid: number; readonly gid: number } | { readonly kind: 'parent' };

/**
 * Who the guest is where it is not to be root of the namespace:
 * - `mapped`: the namespace's root under another number, in a user namespace of its own; needs no other ids
 * - `switched`: another user of the namespace, as by su(1); its ids must be mapped
 */
export type GuestIdentity =
  | { readonly kind: 'mapped'; readonly uid: number; readonly gid: number }
  | {
      readonly kind: 'switched';
      readonly uid: number;
      readonly gid: number;
      /** Supplementary. */
      readonly groups: readonly number[];
    };

/** Everything that the private namespace is made from. */
export interface NamespaceSetup {
  readonly mapping: Mapping;
  /** Root of the namespace, when left out. */
  readonly identity?: GuestIdentity;
  /** A network of the guest's own, with nothing but a loopback device. */
  readonly ownNetwork?: boolean;
  /** Host name of the guest, the host's when left out. */
  readonly hostname?: string;
  /** The files `cgroup.procs` on the host of the control groups that the guest is put into. */
  readonly controlGroups?: readonly string[];
  /** The guest is held to limits, which a root of its own must not let it lift. */
  readonly isLimited?: boolean;
  /** The caller is the host's root: what the kernel lets that user id do, the guest could do, too. */
  readonly isHostRoot: boolean;
  /** An existing directory of ours that serves as a mount point. */
  readonly scratch: string;
  readonly root: GuestRoot;
  /** Oldest first: the kernel prefers the last one. */
  readonly rules: readonly TableRule[];
  readonly binds: readonly Bind[];
  /** The guest runs natively as a 32-bit program of a 64-bit kernel: uname(2) is to name its own architecture. */
  readonly isNative32?: boolean;
  /** Path of the caller's terminal on the host, if it has one. */
  readonly terminal?: string;
  /** Absolute, in the guest. */
  readonly workingDirectory: string;
  /** The working directory is made where the guest has none. */
  readonly makesWorkingDirectory?: boolean;
}

/** Whether the guest shares the caller's user id in settings of the host that it must not change. */
export function protectsSettings({ isHostRoot, isLimited, root }: NamespaceSetup): boolean {
  return (isHostRoot || isLimited === true) && root.kind !== 'host';
}
