import { once } from 'node:events';
import * as fs from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../../host/node/node-host.ts';
import { followLog, type FollowedLog } from './follow-log.ts';
import { lastReport, reportPath } from './saved-report.ts';

const substituted = (program = 'cc1') =>
  `anyarch1\tS\t1\t/dev/.anyarch/abc234/bin/${program}\t/usr/libexec/${program}\n`;

describe('following the log', () => {
  const host = nodeHost();
  let state: string;
  let log: string;
  let followed: FollowedLog | undefined;

  const follow = async (): Promise<FollowedLog> => (followed = await followLog(host, state));

  const tell = async (text: string): Promise<void> => {
    const client = connect(log);
    await once(client, 'connect');
    client.end(text).resume();
    await once(client, 'close');
  };

  beforeEach(() => {
    state = fs.mkdtempSync(join(tmpdir(), 'anyarch-follow-'));
    log = join(state, 'tool-tree/log');
    fs.mkdirSync(join(state, 'tool-tree/abc234/bin'), { recursive: true });
    fs.writeFileSync(join(state, 'tool-tree/abc234/bin/cc1'), '', { mode: 0o755 });
  });

  afterEach(async () => {
    await followed?.stop();
    followed = undefined;
    fs.rmSync(state, { recursive: true, force: true });
  });

  it('counts what programs tell, and keeps the report', async () => {
    const { seen, stop } = await follow();
    await tell(substituted());
    await tell('anyarch1\tE\t1\ttree\t/dev/.anyarch/abc234/ld\t/usr/libexec/cc1\n');
    expect(seen()).toEqual({ substituted: 1, emulated: 1 });
    await tell(substituted());
    const report = await stop();
    expect(report).toMatchObject({
      substituted: 2,
      emulated: 1,
      programs: [{ reasons: [{ reason: 'tree', detail: '/dev/.anyarch/abc234/ld', times: 1 }] }],
      losses: { overflows: 0, garbageLines: 0 },
    });
    expect(report.told).toContain('cannot see');
    expect(lastReport(host, state)).toEqual(report);
  });

  it('is off when nobody follows: then there is nothing to connect to', async () => {
    await (await follow()).stop();
    await expect(tell(substituted())).rejects.toThrow('ENOENT');
    const { stop } = await follow();
    await tell(substituted());
    expect(await stop()).toMatchObject({ substituted: 1 });
  });

  it('counts what no interposer tells, and native programs that do not exist', async () => {
    const { stop } = await follow();
    for (const text of ['\0\u0001\n', substituted('evil'), substituted(), 'half of a line']) await tell(text);
    expect(await stop()).toMatchObject({ substituted: 1, losses: { garbageLines: 3 } });
  });

  it('is done by one process at a time', async () => {
    const { stop } = await follow();
    await expect(followLog(host, state)).rejects.toThrowWithCode('ANYARCH_LOCKED');
    await tell(substituted());
    expect(await stop()).toMatchObject({ substituted: 1 });
    await follow();
  });

  it('refuses where no log can be, and lets go', async () => {
    fs.mkdirSync(join(log, 'full'), { recursive: true });
    await expect(followLog(host, state)).rejects.toThrowWithCode('ANYARCH_FILE');
    fs.rmSync(log, { recursive: true });
    await follow();
  });

  it('says when what it kept is damaged', () => {
    expect(lastReport(host, state)).toBeUndefined();
    fs.writeFileSync(reportPath(state), '{"schema":"anyarch/acceleration-report/1"}');
    expect(() => lastReport(host, state)).toThrowWithCode('ANYARCH_STATE_INVALID');
  });
});
