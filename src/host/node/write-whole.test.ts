import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemError } from '../system-error.ts';
import { writeWhole } from './write-whole.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'anyarch-write-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

describe('writeWhole', () => {
  it('waits while a pipe is full', async () => {
    const fifo = join(place, 'fifo');
    const copy = join(place, 'copy');
    spawnSync('mkfifo', [fifo]);
    const reader = spawn('sh', ['-c', `{ sleep 0.3; cat; } <"$0" >"$1"`, fifo, copy]);
    const ended = new Promise((resolve) => reader.once('close', resolve));
    // Opened without blocking: ENXIO until the reader is there.
    const descriptor = await opened(fifo);
    const text = 'ä'.repeat(200_000);
    writeWhole(descriptor, text, 'the pipe');
    closeSync(descriptor);
    await ended;
    expect(readFileSync(copy, 'utf8')).toBe(text);
  });

  it('throws when nothing fits', () => {
    const descriptor = openSync('/dev/full', 'w');
    expect(() => {
      writeWhole(descriptor, 'x', 'there');
    }).toThrow(new SystemError('ENOSPC', 'write', 'there'));
    closeSync(descriptor);
  });
});

async function opened(fifo: string): Promise<number> {
  const { O_WRONLY, O_NONBLOCK } = (await import('node:fs')).constants;
  for (;;) {
    try {
      return openSync(fifo, O_WRONLY | O_NONBLOCK);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
