import { expect, it } from 'vitest';
import { listenAddress } from './listen-address.ts';

it.each([
  ['9797', { host: '127.0.0.1', port: 9797 }],
  ['0.0.0.0:1', { host: '0.0.0.0', port: 1 }],
  ['localhost:65535', { host: 'localhost', port: 65_535 }],
  ['[::1]:9797', { host: '::1', port: 9797 }],
  ['unix:/run/a.sock', { path: '/run/a.sock' }],
  ['unix:a.sock', { path: '/here/a.sock' }],
])('%s', (text, address) => {
  expect(listenAddress(text, '/here')).toEqual(address);
});

it.each(['', '0', '65536', ':9797', 'a:b', '::1:9797', 'unix:', 'http://x:1', '1 '])('not "%s"', (text) => {
  expect(() => listenAddress(text, '/')).toThrowWithCode('ANYARCH_USAGE');
});
