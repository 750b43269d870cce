import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../../host/node/node-host.ts';
import { followLog, type FollowedLog } from './follow-log.ts';
import { lastReport, reportPath } from './saved-report.ts';

const line = 'anyarch1\tS\t1\t/dev/.anyarch/abc234/bin/cc1\t/usr/libexec/cc1\n';

/** As the interposer writes: without waiting, in one write. */
function write(log: string, text: string): 'written' | 'nobody reads' | 'full' {
  let descriptor: number;
  try {
    descriptor = fs.openSync(log, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return 'nobody reads';
    throw error;
  }
  try {
    fs.writeSync(descriptor, text);
    return 'written';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'full';
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

describe('following the log', () => {
  const host = nodeHost();
  let state: string;
  let log: string;
  let followed: FollowedLog | undefined;

  beforeEach(() => {
    state = fs.mkdtempSync(join(tmpdir(), 'anyarch-log-'));
    log = join(state, 'tool-tree/log');
  });

  afterEach(async () => {
    await followed?.stop();
    followed = undefined;
    fs.rmSync(state, { recursive: true, force: true });
  });

  it('counts what programs write one after the other, and keeps the report', async () => {
    followed = followLog(host, state);
    expect(fs.statSync(log).mode & 0o777).toBe(0o622);
    for (let times = 0; times < 3; times += 1) {
      expect(write(log, line)).toBe('written');
      // Read in between: the end of one writer is not the end of the log.
      while (followed.seen().substituted <= times) await sleep(1);
    }
    expect(write(log, line)).toBe('written');
    const report = await followed.stop();
    expect(report).toMatchObject({ substituted: 4, emulated: 0, losses: { overflows: 0, garbageLines: 0 } });
    expect(lastReport(host, state)).toEqual(report);
  });

  it('is off when nobody follows: then nothing is written', async () => {
    followed = followLog(host, state);
    await followed.stop();
    expect(write(log, line)).toBe('nobody reads');
    followed = followLog(host, state);
    expect(write(log, line)).toBe('written');
    expect(await followed.stop()).toMatchObject({ substituted: 1 });
  });

  it('loses lines of writers that are faster than it, tells so, and makes none of them wait', async () => {
    followed = followLog(host, state);
    let written = 0;
    while (write(log, line) === 'written') written += 1;
    expect(written).toBeGreaterThan(500);
    const report = await followed.stop();
    expect(report.substituted).toBe(written);
    expect(report.losses.overflows).toBeGreaterThan(0);
  });

  it('goes on after garbage and counts it', async () => {
    followed = followLog(host, state);
    write(log, `${'x'.repeat(4000)}\n\0\u0001\n${line}half of a line`);
    expect(await followed.stop()).toMatchObject({ substituted: 1, losses: { garbageLines: 3 } });
  });

  it('is done by one process at a time', async () => {
    followed = followLog(host, state);
    expect(() => followLog(host, state)).toThrowWithCode('ANYARCH_LOCKED');
    await followed.stop();
    followed = followLog(host, state);
  });

  it('refuses a log that is none, and lets go', () => {
    fs.mkdirSync(join(state, 'tool-tree'));
    fs.writeFileSync(log, 'a file');
    expect(() => followLog(host, state)).toThrowWithCode('ANYARCH_FILE');
    fs.rmSync(log);
    // What a link leads to is somebody's.
    const elsewhere = join(state, 'elsewhere');
    execFileSync('mkfifo', [elsewhere]);
    fs.symlinkSync(elsewhere, log);
    expect(() => followLog(host, state)).toThrowWithCode('ANYARCH_FILE');
    fs.rmSync(log);
    followed = followLog(host, state);
  });

  it('says when what it kept is damaged', () => {
    expect(lastReport(host, state)).toBeUndefined();
    fs.writeFileSync(reportPath(state), '{"schema":"anyarch/acceleration-report/1"}');
    expect(() => lastReport(host, state)).toThrowWithCode('ANYARCH_STATE_INVALID');
  });
});
