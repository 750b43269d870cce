import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isMissing } from '../contender.ts';
import { runProgram } from '../programs.ts';
import type { PeerRoot } from './roots/index.ts';
import type { SizeRow } from './sizes.ts';

/**
 * What each image would be as one layer: all are packed in the same way, `tar | gzip -9n`, whatever their makers use.
 * @param scratch for the tars
 */
export function rootSizes(peers: readonly PeerRoot[], scratch: string): SizeRow[] {
  return peers.map((peer): SizeRow => {
    const { name } = peer;
    if (isMissing(peer)) return { name, outcome: 'missing', reason: peer.missing };
    const tar = join(scratch, 'root.tar');
    const options = ['--sort=name', '--mtime=@0', '--numeric-owner', '--one-file-system'];
    const excluded = ['./proc/*', './dev/*', './sys/*', './emulators*/*'].map((path) => `--exclude=${path}`);
    runProgram([
      'tar',
      '--create',
      '--file',
      tar,
      ...options,
      ...excluded,
      '--directory',
      peer.directory,
      '.',
    ]);
    const unpacked = Number(runProgram(['stat', '--format=%s', tar]));
    return { name, outcome: 'measured', compressed: gzippedSize(tar), unpacked };
  });
}

function gzippedSize(file: string): number {
  const { status, stdout, error } = spawnSync('gzip', ['-9n', '--stdout', file], { maxBuffer: 2 ** 31 - 1 });
  if (status !== 0) throw new Error(`gzip ${file}: ${error?.message ?? `exit code ${String(status)}`}`);
  return stdout.length;
}
