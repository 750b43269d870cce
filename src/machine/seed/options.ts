import type { CloudConfig } from './cloud-config.ts';

/** What a machine is told at its first start. */
export interface SeedOptions {
  /** cloud-init does its work again when it changes: `MachineRecord.id`. */
  readonly instanceId: string;
  readonly hostname: string;
  /** Who logs in; may become root by sudo without a password. */
  readonly user: string;
  /** Default 1000, which mounts of the host's directories count on; root's stays 0. */
  readonly userId?: number;
  /** Default `/bin/bash`. */
  readonly loginShell?: string;
  /** Lines as `authorized_keys` has them. */
  readonly authorizedKeys: readonly string[];
  /** As text, or as a hash of crypt(3) (`$6$…`). For the console: logins by SSH need a key. */
  readonly password?: string;
  /** The disk has a password of the user already, which stays. */
  readonly keepsPassword?: boolean;
  /** Installed at the first start, which needs a network; not those that the image has. */
  readonly packages?: readonly string[];
  /** Run as root at the end of the first start, each a vector or a line for sh. */
  readonly runCommands?: readonly (string | readonly string[])[];
  /** Mounted at every start. */
  readonly mounts?: readonly SeedMount[];
  /** With these `known_hosts` can be written before the first login. */
  readonly hostKeys?: readonly HostKey[];
  /** Written before anybody logs in, by root. */
  readonly files?: readonly SeedFile[];
  /** The user may use it: docker's socket is a group's. */
  readonly engine?: 'docker' | 'podman';
  /** The network card's address: default QEMU's for its first card. */
  readonly mac?: string;
  /** From `--cloud-init FILE`: `readCloudConfig`. */
  readonly userData?: CloudConfig;
  /** Milliseconds since the epoch, of the files in the seed. */
  readonly modifiedMs: number;
}

export interface SeedMount {
  /** virtiofs's name of what is mounted. */
  readonly tag: string;
  /** Absolute. */
  readonly target: string;
  readonly isReadOnly: boolean;
}

export interface SeedFile {
  /** Absolute. */
  readonly path: string;
  readonly content: string;
  /** Permission bits; default 0o644. */
  readonly mode?: number;
}

export interface HostKey {
  readonly type: 'ed25519' | 'ecdsa' | 'rsa';
  /** As OpenSSH writes it, with its last newline. */
  readonly privateKey: string;
  readonly publicKey: string;
}
