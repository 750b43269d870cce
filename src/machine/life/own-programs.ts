import { basename } from 'node:path';
import { machineSockets } from './sockets.ts';

/**
 * Whether a command line is of what serves a machine beside QEMU: the connection that all SSH commands share, or a
 * mount's virtiofsd. Shells, clients and whatever else only names the directory are the user's.
 *
 * @param directory of the machine's sockets
 */
export function servesMachine(command: readonly string[], directory: string): boolean {
  return isMaster(command, machineSockets(directory).ssh) || servedSocket(command, directory) !== undefined;
}

/** The socket of the mount that a command line is the virtiofsd of; undefined for all others. */
export function servedSocket(command: readonly string[], directory: string): string | undefined {
  const at = command.indexOf('--socket-path');
  const socket = command[at + 1] ?? '';
  const sockets = `${directory}/fs`;
  const index = socket.startsWith(sockets) ? socket.slice(sockets.length) : '';
  const isServer = at > 0 && /^\d+$/.test(index) && startsProgram(command.slice(0, at), 'virtiofsd');
  return isServer ? socket : undefined;
}

function isMaster([program = '', ...words]: readonly string[], socket: string): boolean {
  // It may have given itself a title (ssh, control_persist_detach).
  if (program === `ssh: ${socket} [mux]`) return true;
  return (
    basename(program) === 'ssh' &&
    words.includes('-M') &&
    words.includes(`ControlPath=${socket.replaceAll('%', '%%')}`)
  );
}

/** The program itself, or as our own loader starts it. */
function startsProgram(words: readonly string[], name: string): boolean {
  return (
    basename(words.at(-1) ?? '') === name &&
    (words.length === 1 || /^ld[-.0-9]/.test(basename(words[0] ?? '')))
  );
}
