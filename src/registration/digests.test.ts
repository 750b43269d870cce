import { expect, test } from 'vitest';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { openDigests } from './digests.ts';

/** Counts what is really hashed. */
function counting(host: FakeHost): { readonly host: FakeHost; readonly hashed: string[] } {
  const hashed: string[] = [];
  const { files } = host;
  const sha256 = (path: string): string => {
    hashed.push(path);
    return files.sha256(path);
  };
  return { host: { ...host, files: { ...files, sha256 } }, hashed };
}

function digestsOf(host: FakeHost, paths: readonly string[], state = '/state'): (string | undefined)[] {
  const digests = openDigests(host, state);
  const found = paths.map((path) => digests.of(path));
  digests.save();
  return found;
}

test('a file is hashed once in its life, and again when it is another one', () => {
  const { host, hashed } = counting(fakeHost());
  host.files.addFile('/qemu', 'one');
  const first = host.files.sha256('/qemu');
  hashed.length = 0;
  expect(digestsOf(host, ['/qemu', '/qemu'])).toEqual([first, first]);
  expect(digestsOf(host, ['/qemu'])).toEqual([first]);
  expect(hashed).toEqual(['/qemu']);
  host.files.addFile('/qemu', 'two');
  expect(digestsOf(host, ['/qemu'])).not.toEqual([first]);
  expect(hashed).toHaveLength(2);
});

test('a file that was written in place is hashed again', () => {
  const { host, hashed } = counting(fakeHost());
  host.files.addFile('/qemu', 'one');
  digestsOf(host, ['/qemu']);
  host.clock.advance(1);
  host.files.writeOnce('/qemu', new TextEncoder().encode('two'));
  digestsOf(host, ['/qemu']);
  expect(hashed).toHaveLength(2);
});

test('what root has hashed serves everybody, but nobody else’s word counts', () => {
  const { host, hashed } = counting(fakeHost());
  host.files.addFile('/qemu', 'one');
  digestsOf(host, ['/qemu'], '/var/lib/anyarch');
  digestsOf(host, ['/qemu'], '/home/me/state');
  expect(hashed).toHaveLength(1);
  expect(host.files.status('/home/me/state')).toBeUndefined();
});

test('files that are gone are forgotten', () => {
  const host = fakeHost();
  host.files.addFile('/old', 'old');
  host.files.addFile('/new', 'new');
  digestsOf(host, ['/old']);
  host.files.remove('/old');
  expect(digestsOf(host, ['/old', '/new'])[0]).toBeUndefined();
  expect(new TextDecoder().decode(host.files.read('/state/digests.json'))).not.toContain('/old');
});

test.each(['', '[]', '{"schema":2,"files":{}}', '{"schema":1,"files":{"/qemu":{"sha256":"x"}}}'])(
  'what cannot be understood tells nothing and is replaced: %j',
  (text) => {
    const host = fakeHost();
    host.files.addFile('/qemu', 'one');
    host.files.addFile('/state/digests.json', text);
    expect(digestsOf(host, ['/qemu'])).toEqual([host.files.sha256('/qemu')]);
    expect(new TextDecoder().decode(host.files.read('/state/digests.json'))).toContain(
      host.files.sha256('/qemu'),
    );
  },
);

test.each(['EACCES', 'EROFS', 'ENOSPC', 'EIO'])(
  'a place that cannot be written to (%s) costs only time',
  (errno) => {
    const host = fakeHost();
    host.files.addFile('/qemu', 'one');
    host.files.fail({ errno, method: 'writeAtomic' });
    expect(digestsOf(host, ['/qemu'])).toEqual([host.files.sha256('/qemu')]);
  },
);

test('a damaged disk below the cache costs only time', () => {
  const host = fakeHost();
  host.files.addFile('/qemu', 'one');
  host.files.addFile('/state/digests.json', '{}');
  host.files.fail({ errno: 'EIO', method: 'read', path: '/state/digests.json' });
  expect(digestsOf(host, ['/qemu'])).toEqual([host.files.sha256('/qemu')]);
});
