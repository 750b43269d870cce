/** `machine.json`: what was asked for when the machine was made. What changes while it runs is in `RunningMachine`. */
export interface MachineRecord {
  readonly schema: 'anyarch/machine/1';
  readonly name: string;
  /** `MachineDefinition.name`. */
  readonly definition: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** Also the instance id of the seed: cloud-init does its work again when it changes. */
  readonly id: string;
  readonly hardware: Hardware;
  readonly base: BaseImage;
  /** Bytes that the guest sees. */
  readonly diskBytes: number;
  readonly access: Access;
  readonly forwards: readonly Forward[];
  readonly mounts: readonly Mount[];
  /** All that it has ever had, by their numbers: there once they have been changed. What the disk says of them may be older. */
  readonly pastMounts?: readonly Mount[];
  /** Whose socket is forwarded to the host. */
  readonly engine?: 'docker' | 'podman';
}

export interface Hardware {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Instead of the definition's. */
  readonly cpu?: string;
  /** `kvm` only after a boot has proven it. */
  readonly accelerator: 'tcg' | 'kvm';
  /** Which QEMU: undefined for the best that is here or can be fetched; a path, or `system`. */
  readonly qemu?: string;
  /** Behind all others on QEMU's command line. */
  readonly words: readonly string[];
}

/** A disk that is never written to: machines have overlays over it. */
export interface BaseImage {
  /** Absolute. */
  readonly file: string;
  readonly format: 'qcow2' | 'raw';
  readonly sha256: string;
  /** Bytes that a guest sees. */
  readonly bytes: number;
  /** For people: a URL, a path, `Debian trixie`, `oci:…`. */
  readonly origin: string;
  readonly boot:
    | { readonly kind: 'firmware' }
    | {
        readonly kind: 'kernel';
        /** Absolute. */
        readonly kernel: string;
        /** Absolute. */
        readonly initrd?: string;
        /** Absolute: description of a board that QEMU makes none for. */
        readonly deviceTree?: string;
        /** Without the console, which the definition knows. */
        readonly parameters: string;
      };
  /** Whether the image reads the seed. Unknown until it has been seen in images of others. */
  readonly cloudInit: 'yes' | 'no' | 'unknown';
}

export interface Access {
  readonly user: string;
  /** Private key that anyarch logs in with, the machine's own, absolute. */
  readonly key: string;
  /** Whether the user has a password for the console: it is on the disk. */
  readonly hasPassword?: boolean;
}

/** A port of the host that leads to one of the guest. */
export interface Forward {
  readonly protocol: 'tcp' | 'udp';
  /** `127.0.0.1` unless asked otherwise. */
  readonly address: string;
  readonly hostPort: number;
  readonly guestPort: number;
}

/** A directory of the host that the guest sees through virtiofs. */
export interface Mount {
  /** Absolute. */
  readonly source: string;
  /** Absolute, in the guest. */
  readonly target: string;
  readonly isReadOnly: boolean;
  /** What its tag ends with, where that is not its place in the list: nothing else has ever had it. */
  readonly number?: number;
}

/** `running.json`: while QEMU runs, or until somebody has noticed that it does not any more. */
export interface RunningMachine {
  readonly schema: 'anyarch/running-machine/1';
  /** 0 from before QEMU is started until it is known: a command that was killed there leaves a process that can be found. */
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: with the boot id it tells a process from a later one of the same number. */
  readonly startTicks: number;
  /** /proc/sys/kernel/random/boot_id. */
  readonly bootId: string;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Directory of the sockets, for this user only. */
  readonly sockets: string;
  /** On the host's 127.0.0.1: leads to the guest's port 22. */
  readonly sshPort: number;
  /** QEMU's version, and digest of its program: a saved state needs the same. */
  readonly qemu: { readonly version: string; readonly sha256: string };
  /** The whole argument vector. */
  readonly command: readonly string[];
  /** `cold` or from a saved state. */
  readonly start: 'cold' | 'state';
  /** When the guest could be used for the first time since then, milliseconds since the epoch; not there before. */
  readonly readyMs?: number;
  /** Where what this start printed begins in the files of the console and of QEMU's messages, in bytes. */
  readonly consoleFrom?: number;
  readonly messagesFrom?: number;
}
