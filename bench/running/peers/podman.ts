import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../../contender.ts';
import { findProgram, runProgram } from '../../programs.ts';
import type { Stage } from '../stage.ts';

/** podman's defaults are higher than a machine that holds back CAP_SYS_RESOURCE may set. */
const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];

/** Rootful podman with a store of its own, without a network to set up. */
export function podman({ scratch, image, unregistered }: Stage): Peer {
  const name = 'podman run --rm';
  const program = findProgram('podman');
  if (program === undefined || findProgram('runc') === undefined)
    return { name, missing: 'needs podman and runc' };
  if (unregistered !== undefined) return { name, missing: unregistered };
  const directory = join(scratch, 'podman');
  const store = ['root', 'runroot', 'tmpdir'].flatMap((option) => [`--${option}`, join(directory, option)]);
  const client = [
    program,
    ...store,
    '--runtime',
    'runc',
    '--cgroup-manager',
    'cgroupfs',
    '--events-backend',
    'file',
  ];
  const options = ['--rm', '--pull', 'never', '--network', 'none', ...limits];
  return {
    name,
    prepare: () => {
      runProgram([...client, 'load', '--input', image.file]);
    },
    run: () => {
      runProgram([...client, 'run', ...options, image.reference, 'true']);
      return undefined;
    },
    close: () => {
      runProgram([...client, 'rm', '--all', '--force']);
      unmountStore(join(directory, 'root/overlay'));
    },
  };
}

/** Some versions leave it mounted for the next container. */
function unmountStore(path: string): void {
  if (readFileSync('/proc/self/mounts', 'utf8').includes(` ${path} `)) runProgram(['umount', '--lazy', path]);
}
