import type { Guest } from '../fixtures/guests.ts';
import { guests } from '../fixtures/guests.ts';

/** Images that predecessors' READMEs name, and ours that take their place. */
const ours: Readonly<Record<string, string>> = {
  'multiarch/qemu-user-static': 'anyarch',
  'alekitto/qemu-user-static': 'anyarch',
  'tonistiigi/binfmt': 'anyarch:binfmt',
  'docker.io/tonistiigi/binfmt:latest': 'anyarch:binfmt',
  'aptman/qus': 'anyarch:qus',
};

const foreign: Readonly<Record<string, Guest>> = {
  'arm64v8/ubuntu': guests.arm64,
  'arm64v8/fedora': guests.arm64,
  'arm32v7/centos': guests.armhf,
  's390x/ubuntu': guests.s390x,
};

/**
 * A line of a README as words, for an engine: with our images' names, and busybox for the distributions that it runs.
 * Nothing else is changed.
 */
export function readmeCommand(line: string, client: readonly string[]): string[] {
  const [engine, ...words] = line.replace(/^sudo /, '').split(' ');
  if (engine !== 'docker' && engine !== 'podman') throw new Error(`no engine's command line: ${line}`);
  const platform = /--platform (\S+)/.exec(line)?.[1];
  return [...client, ...words.map((word) => imageFor(word, platform) ?? unquote(word))];
}

function imageFor(word: string, platform: string | undefined): string | undefined {
  if (word === 'alpine') return busyboxFor(guestOfPlatform(platform));
  const guest = foreign[word];
  if (guest !== undefined) return busyboxFor(guest);
  const whole = ours[word];
  if (whole !== undefined) return whole;
  const [name = '', tag] = word.split(':');
  const base = ours[name];
  return base === undefined || tag === undefined ? undefined : `${base}:${tag}`;
}

function busyboxFor({ debian }: Guest): string {
  return `anyarch.test/busybox:${debian}`;
}

function guestOfPlatform(platform: string | undefined): Guest {
  const guest = Object.values(guests).find((one) => one.platform === platform);
  if (guest === undefined) throw new Error(`no guest for the platform ${String(platform)}`);
  return guest;
}

function unquote(word: string): string {
  return word.replaceAll(/^"|"$/g, '');
}
