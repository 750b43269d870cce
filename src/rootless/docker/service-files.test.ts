import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import { programDirectory, serviceFiles } from './service-files.ts';

let work: string;
let files: readonly WantedFile[];
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'anyarch docker $x%-'));
  files = serviceFiles({
    host: fakeHost({ system: { environment: { HOME: join(work, 'home') } } }),
    state: join(work, 'state'),
    program: join(work, 'ensure'),
    wanted: { schema: 1, architectures: [], at: '', by: '' },
    command: [],
  });
  for (const { path, content, mode } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content as string, { mode });
  }
});
afterEach(() => {
  rmSync(work, { recursive: true, force: true });
});

describe('the dockerd that comes first in PATH', () => {
  beforeEach(() => {
    program('bin/dockerd', 'echo "dockerd $* PATH=$PATH"; exit 3');
    program('ensure', `echo "$*" >> '${work}/ensured'; echo noise; exit 9`);
  });

  it('registers, then is the real one, with its own PATH again', () => {
    const result = dockerd({ ROOTLESSKIT_STATE_DIR: '/tmp/r' });
    const path = `${work}/bin:${process.env['PATH'] ?? ''}`;
    expect(result).toMatchObject({ status: 3, stdout: `dockerd --a b PATH=${path}\n`, stderr: '' });
    expect(ensured()).toBe(`rootless ensure --state ${work}/state --hook\n`);
  });

  it("registers nothing outside of rootlesskit's namespace", () => {
    expect(dockerd({}).status).toBe(3);
    expect(ensured).toThrow('ENOENT');
  });

  it('starts docker without what is gone', () => {
    rmSync(join(work, 'ensure'));
    expect(dockerd({ ROOTLESSKIT_STATE_DIR: '/tmp/r' })).toMatchObject({ status: 3, stderr: '' });
  });
});

it("puts our directory before the unit's own PATH, and forgets it again", () => {
  const [script, file] = [files[1]!.path, join(work, 'run/anyarch/docker.env')];
  const call = (word: string, path: string): number | null =>
    spawnSync('/bin/sh', [script, word, file], { env: { PATH: path } }).status;
  expect(call('forget', '/usr/bin:/bin')).toBe(0);
  expect(call('write', '/usr/bin:/bin')).toBe(0);
  const own = programDirectory({ state: join(work, 'state') });
  expect(readFileSync(file, 'utf8')).toBe(`PATH='${own}:/usr/bin:/bin'\n`);
  expect(call('forget', '/usr/bin:/bin')).toBe(0);
  expect(() => readFileSync(file)).toThrow('ENOENT');
  expect(call('write', "/usr/bin:/bin:/o'clock")).toBe(1);
  expect(() => readFileSync(file)).toThrow('ENOENT');
});

describe('the drop-in', () => {
  it('names what systemd reads back, and lets the service start without any of it', () => {
    const { path, content } = files[2]!;
    expect(path).toBe(join(work, 'home/.config/systemd/user/docker.service.d/anyarch.conf'));
    const lines = (content as string)
      .split('\n')
      .filter((line) => line.includes('=') && !line.startsWith('#'));
    expect(lines.map((line) => line.slice(0, line.indexOf('=') + 2))).toEqual([
      'EnvironmentFile=-',
      'ExecStartPre=-',
      'ExecStartPre=-',
    ]);
    const escaped = work.replaceAll('%', '%%').replaceAll('$', '$$$$');
    expect(lines[1]).toBe(
      `ExecStartPre=-/bin/sh "${escaped}/state/rootless/docker/service-path" forget %t/anyarch/docker.env`,
    );
  });
});

function program(name: string, script: string): void {
  mkdirSync(dirname(join(work, name)), { recursive: true });
  writeFileSync(join(work, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function dockerd(environment: Readonly<Record<string, string>>): ReturnType<typeof spawnSync> {
  const own = programDirectory({ state: join(work, 'state') });
  const path = `${own}:${work}/bin:${process.env['PATH'] ?? ''}`;
  return spawnSync(join(own, 'dockerd'), ['--a', 'b'], {
    encoding: 'utf8',
    env: { PATH: path, ...environment },
  });
}

function ensured(): string {
  return readFileSync(join(work, 'ensured'), 'utf8');
}
