import { describe, expect, it } from 'vitest';
import { fakeProcesses } from '../host/testing/fake-processes.ts';
import { findProxies } from './proxy.ts';

describe('findProxies', () => {
  it('reads the environment', () => {
    const environment = { http_proxy: 'http://p:1', HTTPS_PROXY: 'http://q:2', no_proxy: 'localhost' };
    expect(findProxies(hostOf(environment, ''), 'http://m/debian')).toEqual({
      http: 'http://p:1',
      https: 'http://q:2',
      except: 'localhost',
    });
  });

  it("else apt's configuration", () => {
    const host = hostOf({}, 'Acquire::http::Proxy=http://cache:3142\nAcquire::https::Proxy=DIRECT\n');
    expect(findProxies(host, 'http://m/debian')).toEqual({
      http: 'http://cache:3142',
      https: undefined,
      except: '',
    });
  });

  it("in which one host's settings come first", () => {
    const host = hostOf({}, 'Acquire::http::Proxy=http://cache:3142\nAcquire::http::Proxy::m=DIRECT\n');
    expect(findProxies(host, 'http://m/debian').http).toBeUndefined();
    expect(findProxies(host, 'http://n/debian').http).toBe('http://cache:3142');
  });

  it('must be addresses', () => {
    const host = hostOf(
      {},
      'Acquire::http::Proxy=cache:3142\nAcquire::http::Proxy::m=http://u:secret@m:99999\n',
    );
    expect(findProxies(host, 'http://n/debian').http).toBe('http://cache:3142');
    const read = () => findProxies(host, 'http://m/debian');
    expect(read).toThrowWithCode('ANYARCH_USAGE');
    expect(read).toThrow(/^apt's Acquire::http::Proxy::m is no address of a proxy$/);
  });
});

function hostOf(environment: Record<string, string>, configuration: string) {
  const processes = fakeProcesses();
  processes.on(['apt-config'], { stdout: configuration });
  return {
    processes,
    system: { uid: 0, gid: 0, pid: 1, machine: 'x86_64', kernelRelease: '6.12', environment },
  };
}
