import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { detectInit, initCandidates, requireInit } from './detect.ts';

const everything = [
  '/usr/lib/systemd/systemd',
  '/sbin/openrc-run',
  '/etc/runit/1',
  '/usr/sbin/update-binfmts',
];

function withFiles(paths: readonly string[], first = 'init') {
  const host = fakeHost();
  host.files.addFile('/proc/1/comm', `${first}\n`);
  for (const path of paths) host.files.addFile(path, '');
  return host;
}

describe('detectInit', () => {
  it.each([
    ['systemd', ['/run/systemd/system/x']],
    ['openrc', ['/run/openrc/softlevel']],
    ['runit', ['/run/runit/x']],
    ['debian', ['/etc/init.d/binfmt-support']],
  ])('takes what runs, %s, though others are installed', (init, signs) => {
    expect(detectInit(withFiles([...everything, ...signs]))).toBe(init);
  });

  it.each(everything.map((path, index) => [path, ['systemd', 'openrc', 'runit', 'debian'][index]]))(
    'takes what is installed where none runs: %s',
    (path, init) => {
      expect(detectInit(withFiles([path], 'sh'))).toBe(init);
    },
  );

  it('is not misled by what is left in /run', () => {
    const host = withFiles(['/usr/lib/systemd/systemd', '/run/openrc/softlevel', '/run/runit/x']);
    expect(detectInit(host)).toBe('systemd');
  });

  it('tells what it has looked for', () => {
    expect(() => detectInit(withFiles([]))).toThrowWithCode('ANYARCH_INIT_UNKNOWN');
    expect(initCandidates(withFiles([])).map(({ evidence }) => evidence)).toContain(
      'there is no /usr/sbin/update-binfmts or /usr/bin/update-binfmts',
    );
    expect(() => requireInit(withFiles(['/usr/sbin/update-binfmts']), 'systemd')).toThrowWithCode(
      'ANYARCH_INIT_UNKNOWN',
    );
  });
});
