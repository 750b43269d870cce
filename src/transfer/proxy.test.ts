import { describe, expect, it } from 'vitest';
import { environmentProxies } from './proxy.ts';

describe('environmentProxies', () => {
  it('prefers lower case, and takes the empty text for none', () => {
    expect(
      environmentProxies({ https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:1', HTTP_PROXY: 'http://c:1' }),
    ).toEqual({ https: 'http://a:1', http: 'http://c:1', except: '' });
    expect(environmentProxies({ http_proxy: '', HTTP_PROXY: 'http://c:1', NO_PROXY: 'x' })).toEqual({
      http: '',
      https: undefined,
      except: 'x',
    });
  });

  it.each(['proxy.example:3128', 'user:p%40ss@proxy.example:3128', '127.0.0.1:3128'])(
    'takes one without a scheme for one of http: %s',
    (value) => {
      expect(environmentProxies({ HTTPS_PROXY: value }).https).toBe(`http://${value}`);
    },
  );

  it.each([
    'http://proxy.example:99999',
    'http://user:se%ZZcret@proxy.example:3128',
    'socks5h://secret.example',
    'http://',
    'a b secret',
  ])('names the variable and not its value: %s', (value) => {
    const read = () => environmentProxies({ HTTPS_PROXY: value });
    expect(read).toThrowWithCode('ANYARCH_USAGE');
    expect(read).toThrow(/^HTTPS_PROXY is no address of a proxy$/);
    expect(() => environmentProxies({ http_proxy: value })).toThrow(/^http_proxy is no/);
  });
});
