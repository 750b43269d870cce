/** What Debian and Ubuntu call what an engine needs. */
export function enginePackages(engine: 'docker' | 'podman'): readonly string[] {
  return engine === 'docker'
    ? ['docker.io']
    : ['podman', 'uidmap', 'slirp4netns', 'fuse-overlayfs', 'dbus-user-session', 'crun'];
}

/** Makes the engine's socket there for the user from the first start on, also when nobody is logged in. */
export function engineCommands(engine: 'docker' | 'podman', user: string): readonly (readonly string[])[] {
  if (engine === 'docker') return [['systemctl', 'enable', '--now', 'docker.socket']];
  return [
    ['systemctl', '--global', 'enable', 'podman.socket'],
    ['systemctl', 'enable', '--now', 'podman.socket'],
    ['loginctl', 'enable-linger', user],
  ];
}
