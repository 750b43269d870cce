import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import { noKeygen } from './keys.ts';

type Parts = Pick<Host, 'files' | 'processes' | 'system'>;

/** A line as `authorized_keys` has them, without options. */
const publicLine = /^(?:ssh|ecdsa|sk)-[\w.@-]+ [A-Za-z0-9+/]+=*(?: .*)?$/;

/**
 * The public half of a key that the user brought, who may name either half. It is all that a machine needs of it: anyarch
 * itself logs in with the machine's own key, and so never asks for a passphrase.
 *
 * @param path absolute
 * @returns a line of authorized_keys
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_PROGRAM_NOT_FOUND
 */
export function publicKeyOf(host: Parts, path: string): string {
  const content = contentOf(host, path);
  const line = content.startsWith('-----BEGIN ') ? publicHalf(host, path) : content;
  if (!publicLine.test(line))
    throw unusable(path, `${path} is no SSH key`, 'name either half of a key: id_ed25519, or id_ed25519.pub');
  const result = host.processes.run(['ssh-keygen', '-l', '-f', '-'], { input: line, timeoutMs: 10_000 });
  if (result.startError !== undefined) throw noKeygen(result.startError);
  if (result.exitCode !== 0)
    throw unusable(path, `${path} is a damaged SSH key: ${result.stderr.trim()}`, 'name another one');
  if (result.stdout.includes('(DSA)'))
    throw unusable(
      path,
      `${path} is a DSA key, which SSH servers of today do not let in`,
      'make another one: ssh-keygen -t ed25519',
    );
  return line;
}

function contentOf({ files }: Parts, path: string): string {
  const kind = files.status(path)?.kind;
  if (kind === undefined)
    throw unusable(
      path,
      `there is no SSH key at ${path}`,
      `make one: ssh-keygen -t ed25519 -f ${path}; without --ssh-key the machine has only its own`,
    );
  if (kind !== 'file') throw unusable(path, `${path} is no file, and so no SSH key`, 'name a key below it');
  try {
    return decodeUtf8(files.read(path)).trim();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw unusable(path, `${path} cannot be read: ${error.errno}`, 'is it yours? Its public half is enough');
  }
}

/** What ssh-keygen makes of a private key, or the file beside one that has a passphrase. */
function publicHalf({ files, processes, system }: Parts, path: string): string {
  const { uid, mode = 0 } = files.status(path) ?? {};
  if (uid === system.uid && (mode & 0o077) !== 0)
    throw unusable(
      path,
      `ssh will not use ${path}: others may read it (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
      `chmod 600 ${path}`,
    );
  const result = processes.run(['ssh-keygen', '-y', '-P', '', '-f', path], { timeoutMs: 10_000 });
  if (result.startError !== undefined) throw noKeygen(result.startError);
  if (result.exitCode === 0) return result.stdout.trim();
  const isLocked = result.stderr.includes('incorrect passphrase');
  if (!isLocked)
    throw unusable(
      path,
      `${path} is no SSH key that can be used: ${result.stderr.trim()}`,
      'name another one, or its public half',
    );
  const beside = `${path}.pub`;
  if (files.status(beside)?.kind === 'file') return decodeUtf8(files.read(beside)).trim();
  throw unusable(
    path,
    `${path} has a passphrase, and its public half is not beside it`,
    `write it there: ssh-keygen -y -f ${path} >${beside}`,
  );
}

function unusable(path: string, message: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_FILE', message, { hint, details: { path } });
}
