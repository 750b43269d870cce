import { beforeEach, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import type { Daemon } from './daemons.ts';
import { programDirectory } from './service-files.ts';
import { serviceNotes, serviceWarnings } from './service-notes.ts';

const state = '/home/me/state';
const own = programDirectory({ state });
const unit = '/home/me/.config/systemd/user/docker.service';

let host: FakeHost;
beforeEach(() => {
  host = fakeHost({ system: { uid: 1000, environment: { HOME: '/home/me' } } });
  host.addProgram(`${own}/dockerd`);
});

const daemon = (searchPath: string | undefined): Daemon => ({
  pid: 1,
  stateDirectory: '/r',
  sockets: [],
  searchPath,
});

it.each([
  ['nothing runs', []],
  ['a daemon was started without ours', [daemon('/usr/bin')]],
  ['one of two was', [daemon(`${own}:/usr/bin`), daemon(undefined)]],
])('without a service, tells what is needed at the next start: %s', (_what, daemons) => {
  expect(serviceWarnings({ host, state }, daemons)).toEqual([
    expect.stringContaining(`PATH=${own}:$PATH dockerd-rootless.sh`),
  ]);
});

it('has nothing to ask for where it was started so, or a service starts it', () => {
  expect(serviceWarnings({ host, state }, [daemon(`${own}:/usr/bin`)])).toEqual([]);
  expect(serviceNotes({ host, state }, 'enable')).toEqual([]);
  host.files.addFile(unit, '');
  expect(serviceWarnings({ host, state }, [])).toEqual([]);
  expect(serviceNotes({ host, state }, 'enable')).toEqual([expect.stringContaining('daemon-reload')]);
});

it('tells of a program that is gone', () => {
  host.files.addFile(unit, '');
  expect(serviceWarnings({ host, state: '/elsewhere' }, [])).toEqual([expect.stringContaining('is missing')]);
});
