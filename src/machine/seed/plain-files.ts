import type { SeedOptions } from './options.ts';

/** For an init that knows no cloud-init: one value or one line for each, without quoting. */
export function plainFiles({
  user,
  hostname,
  authorizedKeys,
  hostKeys = [],
  mounts = [],
}: SeedOptions): Readonly<Record<`anyarch/${string}`, string>> {
  const hostKey = hostKeys.find(({ type }) => type === 'ed25519');
  return {
    'anyarch/user': `${user}\n`,
    'anyarch/hostname': `${hostname}\n`,
    'anyarch/authorized_keys': lines(authorizedKeys),
    ...(hostKey === undefined ? {} : { 'anyarch/ssh_host_ed25519_key': hostKey.privateKey }),
    'anyarch/mounts': lines(
      mounts.map(({ tag, target, isReadOnly }) => `${tag}\t${target}\t${isReadOnly ? 'ro' : 'rw'}`),
    ),
  };
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
