import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { driverScript } from './driver.ts';

/** Makes the directory of a run, as driver.ts describes it. */
export function layOutRun(directory: string, lines: readonly string[]): void {
  makeDirectory(directory);
  lines.forEach((line, index) => {
    makeDirectory(join(directory, String(index), 'w'));
    writeFileSync(join(directory, String(index), 'line'), `${line}\n`);
  });
  writeFileSync(join(directory, 'driver'), driverScript(lines.length));
}

export function layOutInputs(directory: string, inputs: ReadonlyMap<string, Uint8Array>): void {
  makeDirectory(directory);
  for (const [path, content] of inputs) {
    const file = join(directory, path);
    makeDirectory(dirname(file));
    writeFileSync(file, content);
    // Neither depends on our umask: programs tell both.
    chmodSync(file, 0o644);
  }
}

function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}
