import { isMissing, type Peer } from '../contender.ts';
import type { PeerRoot } from './roots/index.ts';
import type { Stage } from './stage.ts';
import { timeCommand } from './timer.ts';

/** Starting each image's program for something that it answers by itself. */
export function starters(stage: Stage): Peer[] {
  const own = { name: 'anyarch', directory: stage.own.root };
  return [
    starter(stage, 'anyarch --version', own, ['/usr/bin/anyarch', '--version']),
    starter(stage, 'anyarch status', own, ['/usr/bin/anyarch', 'status']),
    starter(stage, 'binfmt --version', stage.binfmt, ['/usr/bin/binfmt', '--version']),
    starter(stage, 'binfmt (its status)', stage.binfmt, ['/usr/bin/binfmt']),
    starter(stage, 'busybox sh -c true', stage.busybox, ['/bin/sh', '-c', 'true']),
    starter(stage, 'debian’s sh -c true', stage.debian, ['/bin/sh', '-c', 'true']),
  ];
}

function starter({ timer }: Stage, name: string, peer: PeerRoot, command: readonly string[]): Peer {
  if (isMissing(peer)) return { name, missing: peer.missing };
  return { name, run: () => ({ [name]: timeCommand(timer, { root: peer.directory, command }) }) };
}
