import { expect, test } from 'vitest';
import { selinuxObstacle, type SelinuxFacts } from './selinux.ts';

const root = (label: string): string =>
  `overlay / overlay rw,context="${label}",relatime,lowerdir=/l/A:/l/B 0 0\nproc /proc proc rw 0 0\n`;

const facts: SelinuxFacts = {
  enforce: '1',
  process: 'system_u:system_r:spc_t:s0\0',
  mounts: root('system_u:object_r:container_file_t:s0'),
  directory: '/usr/bin',
};

test.each<[string, Partial<SelinuxFacts>]>([
  ["the recipe's labels", {}],
  ['no SELinux', { enforce: undefined, process: 'docker-default (enforce)', mounts: '' }],
  ['permissive', { enforce: '0', mounts: root('system_u:object_r:container_file_t:s0:c1,c2') }],
  ['unlabelled files of a privileged container', { mounts: 'overlay / overlay rw 0 0\n' }],
  [
    'a program that runs on the host itself',
    {
      process: 'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023',
      mounts: '/dev/sda / xfs rw,seclabel 0 0',
    },
  ],
  [
    'an unreadable state and AppArmor',
    { enforce: undefined, process: 'docker-default (enforce)\n', mounts: root('u:r:usr_t:s0') },
  ],
  [
    'an unreadable state and stacked labels of AppArmor',
    {
      enforce: undefined,
      process: 'a//&:ns1:b//&:ns2:c//&:s1:d (enforce)\n',
      mounts: root('u:r:usr_t:s0'),
    },
  ],
  ['an unreadable state and no security module', { enforce: undefined, process: 'unconfined\n' }],
  ['an unreadable state and the recipe of podman', { enforce: undefined }],
  [
    'an unreadable state on a host',
    {
      enforce: undefined,
      process: 'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\0',
      mounts: '/dev/sda / xfs rw,seclabel 0 0',
    },
  ],
  ['nothing can be read', { process: undefined, mounts: undefined }],
  [
    'emulators on a mount of their own',
    {
      mounts: `${root('u:r:container_file_t:s0:c1,c2')}/dev/sda /usr/bin ext4 ro,context=u:r:container_ro_file_t:s0 0 0\n`,
    },
  ],
])('lets others execute: %s', (_, changes) => {
  expect(selinuxObstacle({ ...facts, ...changes })).toBeUndefined();
});

test.each<[string, Partial<SelinuxFacts>, string]>([
  [
    'the files of a merely privileged container',
    { mounts: root('system_u:object_r:container_file_t:s0:c1022,c1023') },
    'container_file_t:s0:c1022,c1023 has categories',
  ],
  [
    'a merely privileged container of podman, which does not see whether SELinux enforces',
    {
      enforce: undefined,
      process: 'unconfined_u:system_r:spc_t:s0\0',
      mounts: root('system_u:object_r:container_file_t:s0:c1022,c1023'),
    },
    'container_file_t:s0:c1022,c1023 has categories',
  ],
  [
    'a container with the table alone, without selinuxfs',
    {
      enforce: undefined,
      process: 'system_u:system_r:container_t:s0:c5,c6\0',
      mounts: 'overlay / overlay rw',
    },
    'runs as system_u:system_r:container_t:s0:c5,c6',
  ],
  [
    'files of another type',
    { mounts: root('system_u:object_r:user_home_t:s0') },
    'user_home_t:s0 is of a type',
  ],
  [
    'an ordinary container',
    { process: 'system_u:system_r:container_t:s0:c5,c6', mounts: 'overlay / overlay rw 0 0' },
    'runs as system_u:system_r:container_t:s0:c5,c6',
  ],
  [
    'the nearest mount counts',
    { mounts: `${root('u:r:container_file_t:s0')}/dev/sda /usr ext4 ro,context=u:r:usr_t:s0 0 0\n` },
    'u:r:usr_t:s0 is of a type',
  ],
])('keeps others from executing: %s', (_, changes, reason) => {
  expect(selinuxObstacle({ ...facts, ...changes })).toContain(reason);
});
