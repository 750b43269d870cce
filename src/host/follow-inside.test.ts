import { describe, expect, it } from 'vitest';
import { followInside } from './follow-inside.ts';
import { fakeFiles } from './testing/fake-files.ts';

describe('followInside', () => {
  const files = fakeFiles();
  files.addFile('/lib/loader', 'of the host');
  files.addFile('/guest/usr/lib/loader', 'of the guest');
  files.addLink('/guest/lib', 'usr/lib');
  files.addLink('/guest/lib64', '/usr/lib');
  files.addLink('/guest/chain', '/lib64/loader');
  files.addLink('/guest/up', '../../../../usr/lib/loader');
  files.addLink('/guest/outside', '/lib/hosts-only');
  files.addLink('/guest/dangling', '/lib/missing');
  files.addLink('/guest/circle', 'circle');
  files.addFile('/lib/hosts-only', '');

  it.each([
    ['/usr/lib/loader', '/guest/usr/lib/loader'],
    ['/lib/loader', '/guest/usr/lib/loader'],
    ['/lib64/loader', '/guest/usr/lib/loader'],
    ['/chain', '/guest/usr/lib/loader'],
    ['/up', '/guest/usr/lib/loader'],
    ['//usr/./lib/../lib//loader', '/guest/usr/lib/loader'],
    ['/', '/guest/'],
  ])('%s is %s', (path, expected) => {
    expect(followInside(files, '/guest', path)).toBe(expected);
    expect(followInside(files, '/guest/', path)).toBe(expected);
  });

  it.each(['/missing', '/outside', '/dangling', '/circle', '/usr/lib/loader/below', '/../lib/hosts-only'])(
    '%s is nowhere inside',
    (path) => {
      expect(followInside(files, '/guest', path)).toBeUndefined();
    },
  );

  it('follows the links of the host when its root is meant', () => {
    files.addLink('/lib/link', '/lib/loader');
    expect(followInside(files, '/', '/lib/link')).toBe('/lib/loader');
  });
});
