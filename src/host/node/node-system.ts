import { machine, release } from 'node:os';
import type { System } from '../host.ts';

export function nodeSystem(): System {
  return {
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    pid: process.pid,
    machine: machine(),
    kernelRelease: release(),
    environment: process.env,
  };
}
