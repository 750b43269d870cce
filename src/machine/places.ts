import { stateDirectory } from '../host/state-directory.ts';
import type { System } from '../host/host.ts';

type Who = Pick<System, 'uid' | 'isForeignRoot' | 'environment' | 'home'>;

/** Where machines are, each in a directory with its name. */
export function machinesDirectory(system: Who): string {
  return `${stateDirectory(system)}/machines`;
}

/** Base images, each in a directory named by what it is; machines' overlays need them, so they are no cache. */
export function imagesDirectory(system: Who): string {
  return `${stateDirectory(system)}/machine-images`;
}

/** Files of a machine, below its directory. Sockets are elsewhere, because their paths must be short. */
export interface MachinePlaces {
  readonly directory: string;
  /** `MachineRecord`. */
  readonly record: string;
  /** Beside the directory, which comes and goes under it. */
  readonly lock: string;
  /** The overlay that is written to. */
  readonly disk: string;
  readonly seed: string;
  /** `FirstStart`: what only the seed would know otherwise. */
  readonly firstStart: string;
  /** Variables of UEFI, this machine's copy. */
  readonly variables: string;
  /** Keys: `id_ed25519`, `host_ed25519`, `known_hosts`; for nobody else to read. */
  readonly ssh: string;
  /** All that the guest's console ever printed. */
  readonly console: string;
  /** What QEMU printed. */
  readonly messages: string;
  /** `RunningMachine`, only while it runs. */
  readonly running: string;
  /** A saved running machine, that the next start goes on with. */
  readonly state: string;
  readonly snapshots: string;
}

export function machinePlaces(system: Who, name: string): MachinePlaces {
  const directory = `${machinesDirectory(system)}/${name}`;
  return {
    directory,
    record: `${directory}/machine.json`,
    lock: `${machinesDirectory(system)}/.${name}.lock`,
    disk: `${directory}/disk.qcow2`,
    seed: `${directory}/seed.iso`,
    firstStart: `${directory}/first-start.yaml`,
    variables: `${directory}/variables.fd`,
    ssh: `${directory}/ssh`,
    console: `${directory}/console.log`,
    messages: `${directory}/qemu.log`,
    running: `${directory}/running.json`,
    state: `${directory}/state`,
    snapshots: `${directory}/snapshots`,
  };
}
