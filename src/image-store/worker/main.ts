import { readFileSync } from 'node:fs';
import { createLaunch } from './launcher.ts';
import { errorLine, names } from './protocol.ts';
import type { Line, Request } from './protocol.ts';
import { unpackLayers } from './unpack-layers.ts';
import { removeAll } from './remove-all.ts';
import { verifyTree } from './verify-tree.ts';

/**
 * What unpacks, verifies and removes trees, started by `runWorker` (run-worker.ts) inside of the user namespace whose ids
 * own them, where it may write to nothing but its working directory: whatever a layer makes of it, the rest is safe.
 */
async function work(place: string): Promise<Line> {
  const request = JSON.parse(readFileSync(`${place}/${names.request}`, 'utf8')) as Request;
  switch (request.task) {
    case 'unpack':
      return { result: await unpackLayers(place, request, createLaunch(place), print) };
    case 'verify':
      return { result: await verifyTree(request, createLaunch(place)) };
    case 'remove':
      removeAll(place);
      return { result: {} };
  }
}

function print(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const [, , place] = process.argv;
if (place === undefined) throw new Error('usage: unpack DIRECTORY');
// What the layers say counts, not what the user prefers.
process.umask(0);
work(place).then(print, (error: unknown) => {
  const line = errorLine(error);
  if (line === undefined) throw error;
  print(line);
  process.exitCode = 1;
});
