import { accessSync, constants, statSync } from 'node:fs';
import { machine, release, userInfo, type UserInfo } from 'node:os';
import { resolve } from 'node:path';
import type { System } from '../host.ts';

export function nodeSystem(): System {
  return {
    uid: process.getuid?.() ?? 0,
    isForeignRoot: process.getuid?.() === 0 && isAnothers('/var/lib'),
    gid: process.getgid?.() ?? 0,
    pid: process.pid,
    machine: machine(),
    kernelRelease: release(),
    environment: withWholeHome(process.env),
    home: process.env['HOME']?.startsWith('/') === true ? undefined : ofUser()?.homedir,
    // Few commands need it, and the database may be a server's.
    get userName() {
      return ofUser()?.username;
    },
  };
}

/** What runs later, and in another directory, is to find the same state. */
function withWholeHome(environment: System['environment']): System['environment'] {
  const { ANYARCH_HOME: chosen = '' } = environment;
  return chosen === '' || chosen.startsWith('/')
    ? environment
    : { ...environment, ANYARCH_HOME: resolve(chosen) };
}

/** Undefined for a user that the database does not know, as in containers. */
function ofUser(): UserInfo<string> | undefined {
  try {
    return userInfo();
  } catch {
    return undefined;
  }
}

/**
 * In a user namespace of ours the host's files belong to root of the host, who has no number there. In a container, or
 * where the root file system is our own, they are ours, whoever we are outside.
 */
function isAnothers(directory: string): boolean {
  try {
    if (statSync(directory).uid === 0) return false;
  } catch {
    return false;
  }
  try {
    accessSync(directory, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}
