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
 * Makes a machine's keys, or reads those that it has.
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
  return {
    publicKey: read(files, `${paths.user}.pub`),
    hostKey: { privateKey: decodeUtf8(files.read(paths.host)), publicKey },
  };
}

/**
 * The public half of a key that the user brought: what ssh-keygen makes of it, or the file beside one that has a passphrase.
 *
 * @param path of the private key, absolute
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_PROGRAM_NOT_FOUND
 */
export function publicKeyOf(
  { files, processes, system }: Pick<Host, 'files' | 'processes' | 'system'>,
  path: string,
): string {
  if (files.status(path)?.kind !== 'file')
    throw new AnyarchError('ANYARCH_FILE', `there is no SSH key at ${path}`, {
      hint: `make one: ssh-keygen -t ed25519 -f ${path}; without --ssh-key the machine gets its own`,
      details: { path },
    });
  const mode = files.status(path)?.mode ?? 0;
  if (files.status(path)?.uid === system.uid && (mode & 0o077) !== 0)
    throw new AnyarchError(
      'ANYARCH_FILE',
      `ssh will not use ${path}: others may read it (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
      { hint: `chmod 600 ${path}`, details: { path } },
    );
  const result = processes.run(['ssh-keygen', '-y', '-P', '', '-f', path], { timeoutMs: 10_000 });
  if (result.startError !== undefined) throw noKeygen(result.startError);
  if (result.exitCode === 0) return result.stdout.trim();
  const isLocked = result.stderr.includes('incorrect passphrase');
  if (isLocked && files.status(`${path}.pub`)?.kind === 'file') return read(files, `${path}.pub`);
  throw new AnyarchError('ANYARCH_FILE', `${path} is no private SSH key: ${result.stderr.trim()}`, {
    hint: 'name the private key; of one with a passphrase, the public half must be beside it',
    details: { path },
  });
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

function noKeygen(errno: string): AnyarchError {
  return new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `ssh-keygen could not be started: ${errno}`, {
    hint: 'machines are reached by SSH: apt-get install openssh-client',
  });
}

function read(files: Host['files'], path: string): string {
  return decodeUtf8(files.read(path)).trim();
}
