import { readFileSync } from 'node:fs';
import { fileFailure } from '../../host/file-failure.ts';
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
async function work(place: string, given: string | undefined): Promise<Line> {
  const text = given ?? readFileSync(`${place}/${names.request}`, 'utf8');
  const request = JSON.parse(text) as Request;
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

const [, , place, given] = process.argv;
if (place === undefined) throw new Error('usage: unpack DIRECTORY [REQUEST]');
// What the layers say counts, not what the user prefers.
process.umask(0);
work(place, given).then(print, (error: unknown) => {
  const line = errorLine(fileFailure(error, place));
  if (line === undefined) throw error;
  print(line);
  process.exitCode = 1;
});
