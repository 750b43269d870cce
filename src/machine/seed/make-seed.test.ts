import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeSeed, seedFiles } from './make-seed.ts';
import { plainFiles } from './plain-files.ts';
import type { SeedOptions } from './options.ts';

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ a@b';
const options: SeedOptions = {
  instanceId: 'i-1',
  hostname: 'demo',
  user: 'debian',
  authorizedKeys: [key],
  modifiedMs: Date.UTC(2026, 0, 1),
};

function userData(more: Partial<SeedOptions> = {}): Record<string, unknown> {
  const text = seedFiles({ ...options, ...more })['user-data'];
  expect(text.startsWith('#cloud-config\n')).toBe(true);
  return parse(text, { version: '1.1' }) as Record<string, unknown>;
}

describe('seedFiles', () => {
  it('tells who the machine is and how its card is set up', () => {
    const files = seedFiles(options);
    expect(parse(files['meta-data'])).toEqual({ 'instance-id': 'i-1', 'local-hostname': 'demo' });
    expect(parse(files['network-config'])).toEqual({
      version: 2,
      ethernets: {
        eth0: { match: { macaddress: '52:54:00:12:34:56' }, 'set-name': 'eth0', dhcp4: true },
      },
    });
  });

  it('makes one user, who logs in with the keys and may become root', () => {
    expect(userData()['users']).toEqual([
      {
        name: 'debian',
        uid: 1000,
        groups: ['adm'],
        // eslint-disable-next-line no-restricted-syntax -- cloud-init's word for a login shell
        shell: '/bin/bash',
        sudo: ['ALL=(ALL) NOPASSWD:ALL'],
        lock_passwd: true,
        ssh_authorized_keys: [key],
      },
    ]);
    expect(userData()['ssh_pwauth']).toBe(false);
  });

  it('gives a password as text or as a hash', () => {
    const [asText] = userData({ password: 'secret' })['users'] as [Record<string, unknown>];
    expect(asText).toMatchObject({ plain_text_passwd: 'secret', lock_passwd: false });
    const [asHash] = userData({ password: '$6$salt$hash' })['users'] as [Record<string, unknown>];
    expect(asHash).toMatchObject({ hashed_passwd: '$6$salt$hash', lock_passwd: false });
    const [asBefore] = userData({ keepsPassword: true })['users'] as [Record<string, unknown>];
    expect(asBefore).toMatchObject({ lock_passwd: false });
    expect(Object.keys(asBefore).filter((key) => key.endsWith('_passwd'))).toEqual(['lock_passwd']);
  });

  it('keeps keys of several lines as they are', () => {
    const privateKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n';
    expect(userData({ hostKeys: [{ type: 'ed25519', privateKey, publicKey: key }] })['ssh_keys']).toEqual({
      ed25519_private: privateKey,
      ed25519_public: key,
    });
  });

  it('mounts directories of the host, and goes on without them', () => {
    const mounts = [{ tag: 'mount0', target: '/work', isReadOnly: true }];
    expect(userData({ mounts })['mounts']).toEqual([['mount0', '/work', 'virtiofs', 'ro,nofail', '0', '0']]);
  });

  it('installs, writes and runs what is asked for', () => {
    const files = [{ path: '/etc/a', content: 'b: [c\n', mode: 0o600 }];
    const document = userData({ files, packages: ['jq'], runCommands: ['true', ['echo', 'on']] });
    expect(document).toMatchObject({
      packages: ['jq'],
      runcmd: ['true', ['echo', 'on']],
      write_files: [{ path: '/etc/a', content: 'b: [c\n', permissions: '0600', owner: 'root:root' }],
    });
  });

  it("lets the user reach docker's socket", () => {
    const [account] = userData({ engine: 'docker' })['users'] as [Record<string, unknown>];
    expect(account['groups']).toEqual(['adm', 'docker']);
  });

  it('leaves the number of root alone', () => {
    const [account] = userData({ user: 'root' })['users'] as [Record<string, unknown>];
    expect(account).not.toHaveProperty('uid');
    expect(userData({ user: 'root' })['disable_root']).toBe(false);
  });

  it('asks for no package lists when nothing is to be installed', () => {
    expect(userData()).not.toHaveProperty('package_update');
  });

  it.each([
    { user: 'Deb ian' },
    { user: '' },
    { hostname: 'a_b' },
    { hostname: '-a' },
    { authorizedKeys: ['ssh-ed25519 AAAA a\nssh-rsa BBBB'] },
    { authorizedKeys: ['command="x" ssh-rsa BBBB'] },
    { mac: '52:54' },
    { password: 'a\nroot:b' },
    { mounts: [{ tag: 'a', target: 'work', isReadOnly: false }] },
  ])('refuses %o', (more) => {
    expect(() => seedFiles({ ...options, ...more })).toThrowWithCode('ANYARCH_SEED_INVALID');
  });
});

describe('makeSeed', () => {
  it('gives the same bytes for the same options', () => {
    const digest = (more: Partial<SeedOptions>): string =>
      createHash('sha256')
        .update(makeSeed({ ...options, ...more }))
        .digest('hex');
    expect(digest({})).toBe(digest({}));
    expect(digest({ hostname: 'other' })).not.toBe(digest({}));
  });
});

describe('plainFiles', () => {
  it('says the same without YAML', () => {
    const hostKeys = [{ type: 'ed25519', privateKey: 'PRIVATE\n', publicKey: 'PUBLIC' }] as const;
    const mounts = [
      { tag: 'anyarch0', target: '/a', isReadOnly: true },
      { tag: 'anyarch1', target: '/b', isReadOnly: false },
    ];
    expect(plainFiles({ ...options, hostKeys, mounts })).toEqual({
      'anyarch/user': 'debian\n',
      'anyarch/hostname': 'demo\n',
      'anyarch/authorized_keys': `${key}\n`,
      'anyarch/ssh_host_ed25519_key': 'PRIVATE\n',
      'anyarch/mounts': 'anyarch0\t/a\tro\nanyarch1\t/b\trw\n',
    });
  });
});
