import { machine, release, userInfo } from 'node:os';
import type { System } from '../host.ts';

export function nodeSystem(): System {
  return {
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    pid: process.pid,
    machine: machine(),
    kernelRelease: release(),
    environment: process.env,
    home: process.env['HOME']?.startsWith('/') === true ? undefined : homeOfUser(),
  };
}

/** Undefined for a user that the database does not know, as in containers. */
function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}
