import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../../host/node/node-host.ts';
import { longestTold, type LogRecord } from './log-line.ts';
import { openLog, type OpenLog } from './open-log.ts';
import { limits } from './receiver.ts';

const line = (guest = '/bin/true', atMs = Date.now()) => `anyarch1\tE\t${atMs}000000\tunknown\t\t${guest}\n`;

describe('the log', () => {
  const host = nodeHost();
  let directory: string;
  let path: string;
  let told: (LogRecord | undefined)[];
  let log: OpenLog | undefined;
  let clients: Socket[];

  const open = async (queue?: number) => {
    log = await openLog(host, path, (record) => told.push(record), queue);
    return log;
  };

  /** As interposers do, but that these wait until they are connected. */
  const tell = async (text: string | Uint8Array): Promise<void> => {
    const client = await connected();
    client.end(text);
    await closed(client);
  };

  const closed = async (client: Socket): Promise<void> => {
    if (!client.closed) await new Promise((resolve) => client.once('close', resolve));
  };

  const connected = async (): Promise<Socket> => {
    const client = connect(path);
    clients.push(client);
    client.on('error', () => undefined).resume();
    await once(client, 'connect');
    return client;
  };

  const guests = () => told.map((record) => record?.guest);

  beforeEach(() => {
    directory = fs.mkdtempSync(join(tmpdir(), 'anyarch-log-'));
    path = join(directory, 'log');
    told = [];
    clients = [];
  });

  afterEach(async () => {
    for (const client of clients) client.destroy();
    await log?.close();
    log = undefined;
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it('is there while somebody listens, for everybody to tell and nobody to read', async () => {
    const { close } = await open();
    expect(fs.lstatSync(path).isSocket()).toBe(true);
    expect(fs.lstatSync(path).mode & 0o777).toBe(0o666);
    expect(() => fs.openSync(path, 'r')).toThrow('ENXIO');
    await tell(line('/bin/a'));
    await tell(line('/bin/b'));
    await close();
    expect(guests()).toEqual(['/bin/a', '/bin/b']);
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  it('takes at its end what had been told before', async () => {
    const { close } = await open();
    // Nothing is accepted meanwhile.
    crowd(path, 300, line());
    expect(told).toEqual([]);
    await close();
    expect(told.filter((record) => record !== undefined).length).toBe(300);
  });

  it('says when the queue was full', async () => {
    const { close, overflows } = await open(16);
    crowd(path, 10, line());
    while (told.length < 10) await pause(1);
    expect(overflows()).toBe(0);
    expect(crowd(path, 50, line('/bin/crowd', Date.now() + 1))).toContain('EAGAIN');
    await close();
    expect(overflows()).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(60);
  });

  it('takes the place of what a killed listener left', async () => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    fs.writeFileSync(`${path}.1-1-abc.tmp`, '');
    await expect(connected()).rejects.toThrow('ECONNREFUSED');
    await open();
    await tell(line());
    expect(guests()).toEqual(['/bin/true']);
    expect(fs.readdirSync(directory)).toEqual(['log']);
  });

  it('leaves alone what somebody else has put in its place', async () => {
    const { close } = await open();
    fs.rmSync(path);
    fs.writeFileSync(path, '');
    await close();
    expect(fs.existsSync(path)).toBe(true);
  });

  it('is refused where it cannot be, and leaves nothing', async () => {
    fs.mkdirSync(join(path, 'full'), { recursive: true });
    await expect(open()).rejects.toThrowWithCode('ANYARCH_FILE');
    expect(fs.readdirSync(directory)).toEqual(['log']);
    path = join(directory, 'missing/log');
    await expect(open()).rejects.toThrowWithCode('ANYARCH_FILE');
  });

  it('can be deeper than the name of a socket is long', async () => {
    const deep = join(directory, 'x'.repeat(120));
    fs.mkdirSync(deep);
    path = join(deep, 'log');
    const { close } = await open();
    fs.symlinkSync(deep, join(directory, 'short'));
    path = join(directory, 'short/log');
    await tell(line());
    await close();
    expect(guests()).toEqual(['/bin/true']);
    expect(fs.readdirSync(deep)).toEqual([]);
  });

  it.each<readonly [string, string | Uint8Array]>([
    ['nothing', ''],
    ['no end of the line', line().trimEnd()],
    ['two lines', line() + line()],
    ['more after the line', `${line()}x`],
    ['what is none', 'x\n'],
    ['too much', `${'x'.repeat(longestTold)}\n`],
    ['ten megabytes', Buffer.alloc(10e6, 'x')],
  ])('takes no line from a connection with %s', async (_, text) => {
    await open();
    await tell(text);
    while (told.length === 0) await pause(1);
    expect(told).toEqual([undefined]);
  });

  it('takes a line that comes in pieces', async () => {
    await open();
    const client = await connected();
    const whole = line();
    client.write(whole.slice(0, 20));
    await pause(10);
    client.end(whole.slice(20));
    await closed(client);
    expect(guests()).toEqual(['/bin/true']);
  });

  it('hears others beside a thousand that say nothing', async () => {
    const { close } = await open();
    const silent: Promise<Socket>[] = [];
    for (let count = 0; count < 1000; count += 1) silent.push(connected());
    await Promise.all(silent);
    await tell(line('/bin/heard'));
    expect(guests()).toContain('/bin/heard');
    const started = performance.now();
    await close();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(guests().filter((guest) => guest === undefined).length).toBe(1000);
    expect(clients.length).toBeGreaterThan(limits.connections);
  });

  it('hears others while one tells without end', async () => {
    await open();
    const client = await connected();
    const pour = (error?: Error | null): void => {
      if (!error) client.write(Buffer.alloc(65_536), pour);
    };
    pour();
    await tell(line('/bin/heard'));
    await closed(client);
    expect(guests()).toEqual(expect.arrayContaining([undefined, '/bin/heard']));
  });
});

/** Connects so often while this process does nothing else. Returns the errors. */
function crowd(path: string, times: number, text: string): string {
  const script = `
    const [path, times, text] = process.argv.slice(1);
    for (let count = 0; count < times; count += 1)
      require('node:net').connect(path).on('error', (error) => console.log(error.code)).end(text);
    setTimeout(() => process.exit(), 200);`;
  return spawnSync(process.execPath, ['-e', script, path, String(times), text]).stdout.toString();
}
