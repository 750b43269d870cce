import { posix } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import type { ContainerConfig } from '../core/oci/image-config.ts';

/** What an image is to run, with what the user wants otherwise. */
export interface ContainerWishes {
  /** Replaces the image's, together with its arguments; empty: the image's entry point is left out. */
  readonly entrypoint?: string | undefined;
  /** Replaces the image's arguments, if there are any words. */
  readonly command: readonly string[];
}

/**
 * The argument vector: entry point and arguments, as docker puts them together (image-spec 1.1, config.md).
 *
 * @throws AnyarchError ANYARCH_USAGE where neither the image nor the user names anything to run
 */
export function containerCommand(
  { Entrypoint = [], Cmd = [] }: ContainerConfig,
  { entrypoint, command }: ContainerWishes,
): string[] {
  const before = entrypoint === undefined ? Entrypoint : entrypoint === '' ? [] : [entrypoint];
  // Arguments of the image's belong to the image's entry point.
  const after = command.length > 0 || entrypoint !== undefined ? command : Cmd;
  const words = [...(isNone(before) ? [] : before), ...after];
  if (words.length > 0 && words[0] !== '') return words;
  throw new AnyarchError('ANYARCH_USAGE', 'the image names no command', {
    hint: 'name one behind --: anyarch run --image REF -- /bin/sh',
  });
}

/** `ENTRYPOINT [""]` takes back what the base image has. */
function isNone(entrypoint: readonly string[]): boolean {
  return entrypoint.length === 1 && entrypoint[0] === '';
}

/** As `findGuestUser` takes it: `:GROUP` is root with that group, `USER:` is the user. Undefined where none is named. */
export function containerUser({ User = '' }: ContainerConfig): string | undefined {
  const [user = '', ...rest] = User.split(':');
  const group = rest.join(':');
  if (group !== '') return `${user === '' ? '0' : user}:${group}`;
  return user === '' ? undefined : user;
}

/**
 * `K=V` for all that the image sets. A name alone would take the value of the host, which is none of the image's business.
 */
export function containerEnvironment({ Env = [] }: ContainerConfig): string[] {
  return Env.filter((setting) => setting.indexOf('=') > 0);
}

/** Absolute, in the guest, without `..`; what is relative is so to the root. */
export function containerDirectory({ WorkingDir = '/' }: ContainerConfig): string {
  return posix.resolve('/', WorkingDir);
}
