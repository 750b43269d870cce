import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CloudConfig } from './cloud-config.ts';
import { seedFiles } from './make-seed.ts';
import { mergeUserData } from './merge.ts';
import { readCloudConfig } from './read-cloud-config.ts';

const ours: CloudConfig = {
  hostname: 'demo',
  users: [{ name: 'me', sudo: ['ALL'], ssh_authorized_keys: ['ours'] }],
  ssh_keys: { ed25519_private: 'ours' },
  ssh: { emit_keys_to_console: false },
  packages: ['a'],
};

describe('mergeUserData', () => {
  it('appends their lists to ours', () => {
    expect(mergeUserData(ours, { packages: ['b'], runcmd: ['c'] }, 'me')).toMatchObject({
      packages: ['a', 'b'],
      runcmd: ['c'],
    });
  });

  it('merges mappings and takes their values', () => {
    const theirs = { ssh: { emit_keys_to_console: true, other: 1 }, hostname: 'theirs' };
    expect(mergeUserData(ours, theirs, 'me')).toMatchObject(theirs);
  });

  it('merges our user with theirs of the same name, and adds the others', () => {
    const theirs = {
      users: ['default', { name: 'me', groups: ['audio'], ssh_authorized_keys: ['theirs'] }, { name: 'you' }],
    };
    expect(mergeUserData(ours, theirs, 'me')['users']).toEqual([
      { name: 'me', sudo: ['ALL'], ssh_authorized_keys: ['ours', 'theirs'], groups: ['audio'] },
      'default',
      { name: 'you' },
    ]);
  });

  it('keeps what the login depends on', () => {
    // eslint-disable-next-line no-restricted-syntax -- cloud-init's word for a login shell
    const own = { name: 'me', uid: 1000, sudo: ['ALL'], shell: '/bin/bash', ssh_authorized_keys: ['ours'] };
    const config = { users: [own], disable_root: false };
    const theirs = {
      // eslint-disable-next-line no-restricted-syntax -- cloud-init's word for a login shell
      users: [{ name: 'me', uid: 2000, sudo: false, shell: '/bin/false', system: true, gecos: 'Me' }],
      disable_root: true,
    };
    expect(mergeUserData(config, theirs, 'me')).toEqual({
      users: [{ ...own, gecos: 'Me' }],
      disable_root: false,
    });
    expect(mergeUserData({ disable_root: true }, { disable_root: false }, 'me')).toEqual({
      disable_root: false,
    });
  });

  it.each(['ssh_redirect_user', 'no_create_home', 'expiredate', 'inactive'])(
    'does not take %s for the user who logs in, and does for others',
    (key) => {
      const options = { instanceId: 'i', hostname: 'h', user: 'me', authorizedKeys: [], modifiedMs: 0 };
      const seed = (name: string) => () =>
        seedFiles({ ...options, userData: { users: [{ name, [key]: '1' }] } });
      expect(seed('me')).toThrowWithCode('ANYARCH_SEED_INVALID');
      expect(seed('you')()['user-data']).toContain(key);
    },
  );

  it('keeps the host keys that known_hosts has', () => {
    const theirs = { ssh_keys: { ed25519_private: 'theirs' }, ssh_deletekeys: false };
    expect(mergeUserData(ours, theirs, 'me')).toMatchObject({
      ssh_keys: ours['ssh_keys'],
      ssh_deletekeys: false,
    });
    expect(mergeUserData({}, theirs, 'me')).toEqual(theirs);
  });

  it('always leaves the login possible', () => {
    const value = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string()),
    );
    const key = fc.oneof(fc.constantFrom(...Object.keys(ours)), fc.string());
    fc.assert(
      fc.property(fc.dictionary(key, value), (theirs) => {
        const merged = mergeUserData(ours, theirs, 'me');
        expect(merged['ssh_keys']).toEqual(ours['ssh_keys']);
        expect(merged['users']).toEqual(
          expect.arrayContaining([expect.objectContaining({ name: 'me', ssh_authorized_keys: ['ours'] })]),
        );
      }),
    );
  });
});

describe('a document of the user', () => {
  it('means the same in the seed', () => {
    const text = [
      '#cloud-config',
      'write_files:',
      '- {path: /a, permissions: "0644", content: !!binary /w==}',
      'bootcmd: ["on", "1:30", 5]',
      'users: [{name: you, expiredate: 2032-09-01}]',
    ];
    const userData = readCloudConfig(new TextEncoder().encode(text.join('\n')), 'my.yaml');
    const options = {
      instanceId: 'i',
      hostname: 'h',
      user: 'me',
      authorizedKeys: [],
      modifiedMs: 0,
      userData,
    };
    const written = seedFiles(options)['user-data'];
    expect(parse(written, { version: '1.1' })).toMatchObject({
      ...userData,
      users: expect.any(Array) as unknown,
    });
    expect(written).toContain('permissions: "0644"');
    expect(written).toContain('- "on"');
    expect(written).toContain('expiredate: 2032-09-01\n');
  });
});
