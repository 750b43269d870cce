import { describe, expect, it } from 'vitest';
import type { FakeHost } from '../host/testing/index.ts';
import { watchRounds, type RoundsOptions } from './rounds.ts';
import { state, watchedHost } from './testing/watched-host.ts';

const path = '/srv/anyarch.prom';

function machine(): FakeHost {
  const { host, register } = watchedHost();
  register('arm64');
  host.files.addDirectory('/srv');
  return host;
}

const rounds = (host: FakeHost, options: Partial<RoundsOptions> = {}) =>
  watchRounds(host, state, {
    intervalMs: 5000,
    probeIntervalMs: 0,
    version: '1',
    metricsFile: path,
    ...options,
  });
const text = (host: FakeHost) => new TextDecoder().decode(host.files.read(path));

describe('the file of metrics', () => {
  it('is there while the watch is, in the place of one that an earlier watch left', () => {
    for (const left of ['# HELP anyarch_build_info old\n', '']) {
      const host = machine();
      host.files.addFile(path, left);
      const watch = rounds(host);
      watch.next('elapsed');
      expect(text(host)).toContain(
        'anyarch_registration_up{architecture="aarch64",entry="qemu-aarch64"} 1\n',
      );
      watch.next('stop');
      watch.next('elapsed');
      expect(host.files.list('/srv')).toEqual([]);
    }
  });

  it.each<[string, (host: FakeHost) => void]>([
    ['a file of somebody else', ({ files }) => files.addFile(path, 'precious')],
    [
      'a link',
      ({ files }) => {
        files.addLink(path, '/etc/os-release');
      },
    ],
    [
      'a link to metrics of ours',
      ({ files }) => {
        files.addFile('/elsewhere', '# HELP anyarch_build_info\n');
        files.addLink(path, '/elsewhere');
      },
    ],
    ['a directory', ({ files }) => files.addFile(`${path}/inside`, 'precious')],
  ])('is refused before anything is done where %s is', (_, prepare) => {
    const host = machine();
    prepare(host);
    const before = JSON.stringify(host.files.linkStatus(path));
    host.binfmt.table().control('qemu-aarch64', '-1');
    expect(() => rounds(host).next('elapsed')).toThrowWithCode('ANYARCH_FILE_OF_OTHERS');
    expect(JSON.stringify(host.files.linkStatus(path))).toBe(before);
    expect(host.binfmt.table().list()).toEqual([]);
    expect(host.files.status(`${state}/watch.lock`)).toBeUndefined();
  });

  it('stays when somebody else has written it meanwhile', () => {
    const host = machine();
    const watch = rounds(host);
    watch.next('elapsed');
    host.files.addFile(path, 'theirs');
    host.clock.advance(20_000);
    expect(watch.next('elapsed').value).toMatchObject({
      events: [{ event: 'failed', code: 'ANYARCH_FILE_OF_OTHERS' }],
    });
    watch.return(0);
    expect(text(host)).toBe('theirs');
  });

  it('is neither written nor removed by a dry run', () => {
    const host = machine();
    const watch = rounds(host);
    watch.next('elapsed');
    const before = text(host);
    const dry = rounds(host, { dryRun: true });
    dry.next('elapsed');
    dry.next('stop');
    dry.next('elapsed');
    expect(text(host)).toBe(before);
    watch.return(0);
    const other = machine();
    rounds(other, { dryRun: true }).next('elapsed');
    expect(other.files.status(path)).toBeUndefined();
  });

  it('counts where it cannot be written, though everything is up', () => {
    const host = machine();
    const once = (metricsFile: string) => {
      const watch = rounds(host, { once: true, metricsFile });
      watch.next('elapsed');
      return watch.next('elapsed');
    };
    expect(once('/missing/anyarch.prom')).toEqual({ done: true, value: 3 });
    expect(once(path)).toEqual({ done: true, value: 0 });
    // Somebody reads it afterwards.
    expect(text(host)).toContain('anyarch_registration_up');
  });
});
