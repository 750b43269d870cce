import type { MachinePlaces } from '../places.ts';
import type { MachineRecord, RunningMachine } from '../record.ts';
import { machineSockets } from '../life/sockets.ts';
import { keyFiles } from './keys.ts';

/** What a connection needs to know of a machine. */
export interface Reached {
  readonly record: Pick<MachineRecord, 'id' | 'name' | 'access' | 'definition'>;
  readonly places: Pick<MachinePlaces, 'ssh'>;
}

export type ReachedAt = Pick<RunningMachine, 'sshPort' | 'sockets'>;

export interface SshRequest {
  /** Before the guest's name: `-t`, `-O check`. */
  readonly options?: readonly string[];
  /** What the guest's shell gets, words that are joined with spaces. */
  readonly words?: readonly string[];
}

/**
 * QEMU computes AES instructions of these natively: 20 MB took an emulated arm64 11 s with this cipher, and 19 s with
 * ssh's own choice, chacha20.
 */
const emulatedAes = new Set(['arm64', 'amd64']);

/** ssh's words. What the user's and the system's own configuration say does not count: they know nothing of machines. */
export function sshCommand(machine: Reached, at: ReachedAt, request: SshRequest = {}): string[] {
  const { options = [], words = [] } = request;
  const { user } = machine.record.access;
  return ['ssh', ...connection(machine, at), ...options, '--', `${user}@127.0.0.1`, ...words];
}

function connection(machine: Reached, at: ReachedAt): string[] {
  return [
    '-F',
    'none',
    '-p',
    `${at.sshPort}`,
    ...Object.entries({
      ...sshOptions(machine, at),
      ForwardAgent: 'no',
      ForwardX11: 'no',
      EscapeChar: 'none',
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}

/** What of ssh_config(5) leads to the machine and to nobody else, beside address, port and user. */
export function sshOptions({ record, places }: Reached, { sockets }: ReachedAt) {
  const files = keyFiles(places);
  return {
    // Not `-i`, which takes no name with a percent sign.
    IdentityFile: quoted(percentSafe(files.user)),
    ControlPath: percentSafe(machineSockets(sockets).ssh),
    IdentitiesOnly: 'yes',
    // Nobody is ever asked for anything: commands run unattended.
    IdentityAgent: 'none',
    BatchMode: 'yes',
    PreferredAuthentications: 'publickey',
    StrictHostKeyChecking: 'yes',
    HostKeyAlias: record.id,
    UserKnownHostsFile: quoted(percentSafe(files.knownHosts)),
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlgorithms: 'ssh-ed25519',
    // Nobody can record what stays on this host for a later quantum computer, and a slow guest saves the arithmetic.
    KexAlgorithms: '^curve25519-sha256',
    ...(emulatedAes.has(record.definition) ? { Ciphers: '^aes128-gcm@openssh.com' } : {}),
    UpdateHostKeys: 'no',
    CheckHostIP: 'no',
    LogLevel: 'ERROR',
  };
}

/** ssh_config(5) expands tokens in names of files. */
function percentSafe(path: string): string {
  return path.replaceAll('%', '%%');
}

/** Several files may be named, with blanks between them. */
function quoted(path: string): string {
  return `"${path}"`;
}
