/** Container engines that a machine can have. */
export type MachineEngine = 'docker' | 'podman';

/** What Debian and Ubuntu call what an engine needs to run containers as the guest's root. */
export function enginePackages(engine: MachineEngine): readonly string[] {
  return engine === 'docker'
    ? ['docker.io']
    : ['podman', 'crun', 'netavark', 'aardvark-dns', 'nftables', 'iptables'];
}

/**
 * Suites whose `docker.io` has the client in it; later ones only recommend it, and an image is made without recommendations. Of
 * names that mean another release some day: a package that is not there fails, one that is left out can be installed.
 */
const withClient: ReadonlySet<string> = new Set([
  ...['stretch', 'buster', 'bullseye', 'bookworm'],
  ...['oldstable', 'oldoldstable'],
]);

/** The same for an image that is made of a suite of Debian, with the client that people use in the guest. */
export function debianEnginePackages(engine: MachineEngine, suite: string): readonly string[] {
  const client = engine === 'docker' && !withClient.has(suite) ? ['docker-cli'] : [];
  return [...enginePackages(engine), ...client];
}

/** Where the engine listens in the guest, for the guest's user. */
export function guestSocket(engine: MachineEngine): string {
  return engine === 'docker' ? '/run/docker.sock' : '/run/anyarch/engine.sock';
}

/** Its unit of systemd, by which its messages are found. */
export function engineService(engine: MachineEngine): string {
  return engine === 'docker' ? 'docker' : 'anyarch-engine';
}

/** What runs in the guest: a client is not needed there. */
const servers: Readonly<Record<MachineEngine, string>> = { docker: 'dockerd', podman: 'podman' };

/** The exit code of `engineScript` where the engine is not installed. */
export const engineMissing = 69;

/**
 * Makes the engine listen for one user of the guest, who may become root there anyhow: for sh, as root. Done at every
 * start, and quick when it has been done before.
 *
 * podman's own socket is in a directory for root only, so it gets units of their own. The containers are root's: what
 * keeps them from the host is the machine, and a user's engine would need id maps, and another network stack, as well.
 */
export function engineScript(engine: MachineEngine, user: string): string {
  const lines =
    engine === 'docker'
      ? ['systemctl start docker.socket', `chown ${user} ${guestSocket('docker')}`]
      : [
          `if ! grep -qsx 'SocketUser=${user}' ${unit('socket')}; then`,
          heredoc(unit('socket'), socketUnit(user)),
          heredoc(unit('service'), serviceUnit),
          // What `systemctl enable` does, but that reloads once more, and each takes an emulated guest seconds.
          'mkdir -p /etc/systemd/system/sockets.target.wants',
          `ln -sf ../anyarch-engine.socket ${unit('socket').replace('anyarch', 'sockets.target.wants/anyarch')}`,
          'systemctl daemon-reload',
          'fi',
          'systemctl start anyarch-engine.socket',
        ];
  return [`command -v ${servers[engine]} >/dev/null || exit ${engineMissing}`, 'set -e', ...lines].join('\n');
}

function unit(kind: 'socket' | 'service'): string {
  return `/etc/systemd/system/anyarch-engine.${kind}`;
}

function heredoc(path: string, text: string): string {
  return `cat >${path} <<'END'\n${text}END`;
}

function socketUnit(user: string): string {
  return [
    '[Unit]',
    'Description=Engine for the host of this machine',
    '[Socket]',
    `ListenStream=${guestSocket('podman')}`,
    `SocketUser=${user}`,
    'SocketMode=0600',
    'DirectoryMode=0755',
    '[Install]',
    'WantedBy=sockets.target',
    '',
  ].join('\n');
}

/** As podman's own: containers outlive it, and it ends when it has been idle. */
const serviceUnit = [
  '[Unit]',
  'Description=Engine for the host of this machine',
  'Requires=anyarch-engine.socket',
  '[Service]',
  'Type=exec',
  'KillMode=process',
  'Delegate=yes',
  'ExecStart=/usr/bin/podman system service --time=60',
  '',
].join('\n');
