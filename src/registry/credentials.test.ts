import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { fakeHost, type FakeHost } from '../host/testing/fake-host.ts';
import { describeCredentials } from './credentials.ts';
import { credentialFiles, findCredentials } from './find-credentials.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const login = (text: string) => ({ auth: base64(text) });

function hostWith(
  files: Readonly<Record<string, unknown>>,
  environment: Record<string, string> = {},
): FakeHost {
  const host = fakeHost({ system: { environment: { HOME: '/home/me', ...environment } } });
  for (const [path, content] of Object.entries(files))
    host.files.addFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return host;
}

const docker = '/home/me/.docker/config.json';
const find = (host: FakeHost, registry = 'registry.example', repository = 'team/image', authfile?: string) =>
  findCredentials(host, registry, repository, authfile);

describe('credentialFiles', () => {
  it.each([
    [
      { HOME: '/h' },
      ['/run/containers/0/auth.json', '/h/.config/containers/auth.json', '/h/.docker/config.json'],
    ],
    [
      { HOME: '/h', XDG_RUNTIME_DIR: '/r', XDG_CONFIG_HOME: '/c', DOCKER_CONFIG: '/d' },
      ['/r/containers/auth.json', '/c/containers/auth.json', '/d/config.json'],
    ],
    [{ HOME: '/h', REGISTRY_AUTH_FILE: '/a.json' }, ['/a.json', '/h/.docker/config.json']],
  ])('%j', (environment, expected) => {
    expect(credentialFiles({ ...fakeHost().system, environment })).toEqual(expected);
  });
});

describe('findCredentials', () => {
  it('finds none where there is nothing', () => {
    expect(find(hostWith({}))).toBeUndefined();
    expect(find(hostWith({ [docker]: {} }))).toBeUndefined();
    expect(
      find(hostWith({ [docker]: { auths: { 'registry.example': {}, 'other.example': login('a:b') } } })),
    ).toBeUndefined();
  });

  it.each([
    'registry.example',
    'https://registry.example',
    'https://registry.example/v2/',
    'registry.example/',
  ])('finds %s in docker’s file', (key) => {
    expect(find(hostWith({ [docker]: { auths: { [key]: login('me:p:w\0\0') } } }))).toEqual({
      kind: 'password',
      username: 'me',
      secret: 'p:w',
      source: docker,
    });
  });

  it('knows the default registry by its older names', () => {
    const host = hostWith({ [docker]: { auths: { 'https://index.docker.io/v1/': login('me:pw') } } });
    expect(find(host, 'docker.io', 'library/debian')?.username).toBe('me');
  });

  it('takes the key that says most', () => {
    const auths = { 'registry.example': login('host:x'), 'registry.example/team': login('team:x') };
    const host = hostWith({ '/run/containers/0/auth.json': { auths } });
    expect(find(host)?.username).toBe('team');
    expect(find(host, 'registry.example', 'team-b/image')?.username).toBe('host');
  });

  it("asks the containers tools' file before docker's, and goes on where a file has none", () => {
    const files = {
      '/run/containers/0/auth.json': { auths: { 'other.example': login('x:y') } },
      '/home/me/.config/containers/auth.json': { auths: { 'registry.example': login('podman:x') } },
      [docker]: { auths: { 'registry.example': login('docker:x') } },
    };
    expect(find(hostWith(files))?.username).toBe('podman');
  });

  it('prefers an identity token', () => {
    const entry = { ...login('<token>:'), identitytoken: 'id' };
    expect(find(hostWith({ [docker]: { auths: { 'registry.example': entry } } }))).toMatchObject({
      kind: 'identity-token',
      secret: 'id',
    });
  });

  it('asks the registry’s helper, then the one for all, then the file itself', () => {
    const file = {
      credHelpers: { 'registry.example': 'own' },
      credsStore: 'all',
      auths: { 'registry.example': login('a:b') },
    };
    const host = hostWith({ [docker]: file });
    const none = { exitCode: 1, stdout: 'credentials not found in native keychain\n' };
    host.processes.on(['docker-credential-own', 'get'], none);
    host.processes.on(['docker-credential-all', 'get'], none);
    expect(find(host)?.username).toBe('a');
    host.processes.on(['docker-credential-all', 'get'], { stdout: '{"Username":"<token>","Secret":"s"}' });
    expect(find(host)).toMatchObject({ kind: 'identity-token', secret: 's' });
    host.processes.on(['docker-credential-own', 'get'], {
      stdout: '{"ServerURL":"x","Username":"u","Secret":"s"}',
    });
    expect(find(host)).toMatchObject({
      kind: 'password',
      username: 'u',
      source: `docker-credential-own (${docker})`,
    });
    expect(host.processes.runs.at(-1)?.options.input).toBe('registry.example');
  });

  it.each([
    [{ startError: 'EACCES' }, 'it cannot be started (EACCES)'],
    [{ exitCode: 3 }, 'exit code 3, and it said nothing'],
    [{ exitCode: undefined, signal: 'SIGKILL' }, 'signal SIGKILL ended it, and it said nothing'],
    [{ exitCode: 1, stderr: 'locked\n' }, 'exit code 1: "locked"'],
  ])('says how a helper failed: %j', (result, what) => {
    const host = hostWith({ [docker]: { credsStore: 'all' } });
    host.processes.on(['docker-credential-all'], result);
    expect(() => find(host)).toThrow(what);
  });

  it('asks helpers for the default registry under the name that docker gives it', () => {
    const host = hostWith({ [docker]: { credsStore: 'all' } });
    host.processes.on(['docker-credential-all', 'get'], { stdout: '{"Username":"u","Secret":"s"}' });
    expect(find(host, 'docker.io', 'library/debian')?.username).toBe('u');
    expect(host.processes.runs[0]?.options.input).toBe('https://index.docker.io/v1/');
  });

  it.each([
    ['no JSON', 'user:secret-password'],
    ['a list', '[]'],
    ['no base64', { auths: { 'registry.example': { auth: '§§' } } }],
    ['no colon', { auths: { 'registry.example': login('secret-password') } }],
    ['a missing helper', { credsStore: 'missing' }],
    ['a helper elsewhere', { credsStore: '../evil' }],
  ])('refuses %s, names the file and never the secret', (_, content) => {
    const host = hostWith({ [docker]: content });
    let error: unknown;
    try {
      find(host);
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({
      code: 'ANYARCH_CREDENTIALS_INVALID',
      message: expect.stringContaining(docker) as string,
    });
    expect(inspect(error)).not.toContain('secret-password');
  });

  it.each([
    ['fails', { exitCode: 1, stderr: 'locked\x1b[2J' }],
    ['answers nonsense', { stdout: 'hello' }],
    ['hangs', { exitCode: undefined, timedOut: true }],
  ])('reports a helper that %s', (_, result) => {
    const host = hostWith({ [docker]: { credsStore: 'all' } });
    host.processes.on(['docker-credential-all'], result);
    expect(() => find(host)).toThrowWithCode('ANYARCH_CREDENTIALS_INVALID');
    expect(() => find(host)).not.toThrow('\x1b');
  });

  it('reads only the file that is named, which must be there', () => {
    const host = hostWith({ [docker]: { auths: { 'registry.example': login('a:b') } }, '/mine.json': {} });
    expect(find(host, 'registry.example', 'a', '/mine.json')).toBeUndefined();
    expect(() => find(host, 'registry.example', 'a', '/none.json')).toThrowWithCode(
      'ANYARCH_CREDENTIALS_INVALID',
    );
  });
});

it('never shows a secret', () => {
  const credentials = { kind: 'password', username: 'me', secret: 'geheim', source: '/file' } as const;
  expect(describeCredentials(credentials)).toBe('tried the user "me" of /file');
  expect(describeCredentials({ ...credentials, kind: 'identity-token' })).not.toContain('geheim');
});
