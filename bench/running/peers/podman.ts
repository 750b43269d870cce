import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../../contender.ts';
import { findProgram, runProgram } from '../../programs.ts';
import type { Stage } from '../stage.ts';

export interface Podman {
  readonly peer: Peer;
  readonly close: () => void;
}

/** Rootful podman with a store of its own, without a network to set up. */
export function podman({ scratch, image, unregistered }: Stage): Podman {
  const name = 'podman run --rm';
  const [program, runtime] = [findProgram('podman'), findProgram('runc')];
  const missing = program === undefined ? 'no podman' : runtime === undefined ? 'no runc' : unregistered;
  if (program === undefined || missing !== undefined)
    return { peer: { name, missing: missing ?? '' }, close: () => undefined };
  const directory = join(scratch, 'podman');
  const client = [
    program,
    ...['root', 'runroot', 'tmpdir'].flatMap((option) => [`--${option}`, join(directory, option)]),
    ...['--runtime', 'runc', '--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
  ];
  runProgram([...client, 'load', '--input', image.file]);
  const command = [
    ...client,
    'run',
    '--rm',
    '--pull',
    'never',
    '--network',
    'none',
    ...limits(),
    image.reference,
    'true',
  ];
  return {
    peer: {
      name,
      run: () => {
        runProgram(command);
        return undefined;
      },
    },
    close: () => {
      runProgram([...client, 'rm', '--all', '--force']);
      // podman keeps its store mounted.
      runProgram(['umount', '--lazy', join(directory, 'root/overlay')]);
      rmSync(directory, { recursive: true });
    },
  };
}

/** This process's own hard limits: podman's defaults are higher than a machine without CAP_SYS_RESOURCE may set. */
function limits(): string[] {
  const text = readFileSync('/proc/self/limits', 'utf8');
  return Object.entries({ nofile: 'Max open files', nproc: 'Max processes' }).flatMap(([option, title]) => {
    const hard = new RegExp(`^${title}\\s+\\S+\\s+(\\d+)`, 'm').exec(text)?.[1];
    return hard === undefined ? [] : ['--ulimit', `${option}=${hard}:${hard}`];
  });
}
