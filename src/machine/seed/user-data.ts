import type { CloudConfig, CloudValue } from './cloud-config.ts';
import type { SeedFile, SeedMount, SeedOptions } from './options.ts';

/** What anyarch itself wants of cloud-init. Keys: https://docs.cloud-init.io/en/latest/reference/modules.html */
export function ownUserData(options: SeedOptions): CloudConfig {
  const { user, hostname, hostKeys = [], mounts = [], packages = [], runCommands = [], files = [] } = options;
  return {
    hostname,
    // Without a line in /etc/hosts sudo asks the network for the machine's own name, and waits.
    manage_etc_hosts: 'localhost',
    users: [account(options)],
    disable_root: user !== 'root',
    ssh_pwauth: false,
    ...(hostKeys.length === 0 ? {} : { ssh_deletekeys: true, ssh_keys: keysOf(options) }),
    // The console is for milestones.
    ssh: { emit_keys_to_console: false },
    no_ssh_fingerprints: true,
    ...(mounts.length === 0 ? {} : { mounts: mounts.map(mountLine) }),
    ...(files.length === 0 ? {} : { write_files: files.map(fileEntry) }),
    ...(packages.length === 0 ? {} : { package_update: true, packages }),
    ...(runCommands.length === 0 ? {} : { runcmd: runCommands }),
  };
}

function account({
  user,
  userId = 1000,
  loginShell,
  authorizedKeys,
  password,
  keepsPassword = false,
  engine,
}: SeedOptions): CloudConfig {
  const isHash = password !== undefined && /^\$[0-9a-z]+\$/.test(password);
  return {
    name: user,
    ...(user === 'root' ? {} : { uid: userId }),
    groups: engine === 'docker' ? ['adm', 'docker'] : ['adm'],
    // eslint-disable-next-line no-restricted-syntax -- cloud-init's word for a login shell
    shell: loginShell ?? '/bin/bash',
    sudo: ['ALL=(ALL) NOPASSWD:ALL'],
    lock_passwd: password === undefined && !keepsPassword,
    ...(password === undefined ? {} : { [isHash ? 'hashed_passwd' : 'plain_text_passwd']: password }),
    ssh_authorized_keys: [...authorizedKeys],
  };
}

function keysOf({ hostKeys = [] }: SeedOptions): CloudConfig {
  return Object.fromEntries(
    hostKeys.flatMap(({ type, privateKey, publicKey }) => [
      [`${type}_private`, privateKey],
      [`${type}_public`, publicKey],
    ]),
  );
}

/** A line of fstab. A directory that cannot be mounted does not keep a machine from starting. */
function mountLine({ tag, target, isReadOnly }: SeedMount): readonly CloudValue[] {
  return [tag, target, 'virtiofs', `${isReadOnly ? 'ro' : 'rw'},nofail`, '0', '0'];
}

function fileEntry({ path, content, mode = 0o644 }: SeedFile): CloudConfig {
  return { path, content, permissions: mode.toString(8).padStart(4, '0'), owner: 'root:root' };
}
