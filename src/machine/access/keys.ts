import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import type { MachinePlaces } from '../places.ts';

/** OpenSSH's formats. */
export interface MachineKeys {
  /** What the guest's user lets in: a line of authorized_keys. */
  readonly publicKey: string;
  /** What the guest is to prove itself with, so that it is known before the first connection. */
  readonly hostKey: { readonly privateKey: string; readonly publicKey: string };
}

/** Of `MachinePlaces.ssh`. */
export function keyFiles({ ssh }: Pick<MachinePlaces, 'ssh'>): {
  readonly user: string;
  readonly host: string;
  readonly knownHosts: string;
} {
  return { user: `${ssh}/id_ed25519`, host: `${ssh}/host_ed25519`, knownHosts: `${ssh}/known_hosts` };
}

type Parts = Pick<Host, 'files' | 'processes'>;

/**
 * Makes a machine's keys, or takes those that it has.
 *
 * @param id of the machine: what known_hosts calls it
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND where there is no ssh-keygen
 */
export function makeKeys(
  host: Parts,
  places: Pick<MachinePlaces, 'ssh'>,
  { id, name }: { readonly id: string; readonly name: string },
): MachineKeys {
  const { files } = host;
  const paths = keyFiles(places);
  files.makeDirectory(places.ssh, 0o700);
  makeKey(host, paths.user, `anyarch machine ${name}`);
  makeKey(host, paths.host, `machine ${name}`);
  const publicKey = read(files, `${paths.host}.pub`);
  // Not by port, which is another one at each start.
  files.writeAtomic(
    paths.knownHosts,
    encodeUtf8(`${id} ${publicKey.split(' ').slice(0, 2).join(' ')}\n`),
    0o600,
  );
  return readKeys(host, places);
}

/** Of a machine that has them. @throws SystemError */
export function readKeys({ files }: Pick<Host, 'files'>, places: Pick<MachinePlaces, 'ssh'>): MachineKeys {
  const paths = keyFiles(places);
  return {
    publicKey: read(files, `${paths.user}.pub`),
    hostKey: { privateKey: decodeUtf8(files.read(paths.host)), publicKey: read(files, `${paths.host}.pub`) },
  };
}

function makeKey({ files, processes }: Parts, path: string, comment: string): void {
  if (files.status(path) !== undefined && files.status(`${path}.pub`) !== undefined) return;
  // ssh-keygen would ask about the half of a pair that a killed command left.
  files.remove(path);
  files.remove(`${path}.pub`);
  const words = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path];
  const result = processes.run(words, { timeoutMs: 20_000 });
  if (result.startError !== undefined) throw noKeygen(result.startError);
  if (result.exitCode !== 0)
    throw new AnyarchError('ANYARCH_FILE', `ssh-keygen could not make ${path}: ${result.stderr.trim()}`, {
      hint: 'is there room, and may you write there?',
      details: { path },
    });
}

/** @param errno why ssh-keygen could not be started */
export function noKeygen(errno: string): AnyarchError {
  return new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `ssh-keygen could not be started: ${errno}`, {
    hint: 'machines are reached by SSH: apt-get install openssh-client',
  });
}

function read(files: Host['files'], path: string): string {
  return decodeUtf8(files.read(path)).trim();
}
