import { describe, expect, it } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { requireShimPlace } from './shim-place.ts';

describe('requireShimPlace', () => {
  it('wants the directory of shims before the real program', () => {
    expect(requireShimPlace(user('/home/me/.local/bin:/usr/bin'), 'tool', '/usr/bin/tool')).toBe('first');
    expect(requireShimPlace(user('/home/me/.local/bin/:/usr/bin'), 'tool', '/opt/bin/tool')).toBe('first');
    expect(() =>
      requireShimPlace(user('/usr/bin:/home/me/.local/bin'), 'tool', '/usr/bin/tool'),
    ).toThrowWithCode('ANYARCH_PATH_ORDER');
  });

  it('sees through links', () => {
    const host = user('/link:/usr/bin');
    host.files.addLink('/link', '/home/me/.local/bin');
    expect(requireShimPlace(host, 'tool', '/usr/bin/tool')).toBe('first');
    expect(() => requireShimPlace(host, 'tool', '/link/tool')).toThrowWithCode('ANYARCH_PATH_ORDER');
  });

  it.each([
    ['.profile', 'if [ -d "$HOME/.local/bin" ] ; then\n    PATH="$HOME/.local/bin:$PATH"\nfi\n'],
    ['.bashrc', '    PATH="$HOME/.local/bin:$HOME/bin:$PATH"\n'],
  ])('is content with what %s puts into PATH', (name, text) => {
    const host = user('/usr/bin');
    expect(() => requireShimPlace(host, 'tool', '/usr/bin/tool')).toThrowWithCode('ANYARCH_PATH_ORDER');
    host.files.addFile(`/home/me/${name}`, `# ${text.replaceAll('\n', '\n# ')}\n`);
    expect(() => requireShimPlace(host, 'tool', '/usr/bin/tool')).toThrowWithCode('ANYARCH_PATH_ORDER');
    host.files.addFile(`/home/me/${name}`, text);
    expect(requireShimPlace(host, 'tool', '/usr/bin/tool')).toBe('at-login');
  });
});

function user(path: string): FakeHost {
  const host = fakeHost({ system: { uid: 1000, environment: { HOME: '/home/me', PATH: path } } });
  host.files.addDirectory('/home/me/.local/bin');
  return host;
}
