import { userInfo } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { nodeSystem } from './node-system.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('asks the user database for the home only where HOME is unset', () => {
  vi.stubEnv('HOME', '/somewhere');
  expect(nodeSystem().home).toBeUndefined();
  vi.stubEnv('HOME', undefined);
  expect(nodeSystem().home).toBe(userInfo().homedir);
});

it('knows the login name whatever the environment says', () => {
  vi.stubEnv('USER', 'somebody-else');
  expect(nodeSystem().userName).toBe(userInfo().username);
});

it('has a state directory that stays the same in another directory', () => {
  vi.stubEnv('ANYARCH_HOME', 'state');
  expect(nodeSystem().environment['ANYARCH_HOME']).toBe(`${process.cwd()}/state`);
  vi.stubEnv('ANYARCH_HOME', '/state');
  expect(nodeSystem().environment['ANYARCH_HOME']).toBe('/state');
  vi.stubEnv('ANYARCH_HOME', '');
  expect(nodeSystem().environment['ANYARCH_HOME']).toBe('');
});
