import { AnyarchError } from '../core/error.ts';
import { parseRule } from '../core/rule.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { ignoring } from '../host/system-error.ts';

type Parts = Pick<Host, 'files'>;

/** A file that `persist enable` or `watch enable` made, by what it says. */
export interface UnrecordedFile {
  readonly path: string;
  readonly feature: 'persistence' | 'watch';
  /** It says more than we write. */
  readonly isChanged: boolean;
}

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EINVAL', 'EISDIR', 'ELOOP'];

/** What the features write into their files. */
const note = /^# Made by "anyarch (persist|watch) enable", removed by "anyarch \1 disable"\.$/m;

/** Where they write, links first: they name the others. */
const places: readonly { readonly directory: string; readonly name: RegExp }[] = [
  { directory: '/etc/systemd/system/sysinit.target.wants', name: /^anyarch-binfmt\.service$/ },
  { directory: '/etc/systemd/system/multi-user.target.wants', name: /^anyarch-watch\.service$/ },
  ...['boot', 'default', 'sysinit'].map((level) => ({
    directory: `/etc/runlevels/${level}`,
    name: /^anyarch-(binfmt|watch)$/,
  })),
  ...['/etc/runit/runsvdir/default', '/etc/service', '/var/service', '/service'].map((directory) => ({
    directory,
    name: /^anyarch-(binfmt|watch)$/,
  })),
  { directory: '/etc/systemd/system', name: /^anyarch-(binfmt|watch)\.service$/ },
  { directory: '/etc/systemd/system/systemd-binfmt.service.d', name: /^anyarch\.conf$/ },
  { directory: '/etc/init.d', name: /^anyarch-(binfmt|watch)$/ },
  { directory: '/etc/runit/core-services', name: /^90-anyarch-binfmt\.sh$/ },
  ...['binfmt', 'watch'].map((service) => ({ directory: `/etc/sv/anyarch-${service}`, name: /^[a-z]+$/ })),
  { directory: '/etc/binfmt.d', name: /^(z+-)?anyarch-[\w-]+\.conf$/ },
];

/**
 * Files of ours outside of the state directory, found by their names and what they say: a damaged or lost record must not
 * leave them behind.
 */
export function unrecordedFiles({ files }: Parts, recorded: ReadonlySet<string>): UnrecordedFile[] {
  return places.flatMap(({ directory, name }) => {
    const names = ignoring(unreadable, () => files.list(directory)) ?? [];
    return names
      .filter((one) => name.test(one) && !recorded.has(`${directory}/${one}`))
      .toSorted()
      .flatMap((one) => recognise({ files }, `${directory}/${one}`));
  });
}

/** Directories that are made for such files, and mean nothing when they are empty. */
export const madeDirectories = [
  '/etc/sv/anyarch-binfmt',
  '/etc/sv/anyarch-watch',
  '/etc/systemd/system/systemd-binfmt.service.d',
] as const;

function recognise({ files }: Parts, path: string): UnrecordedFile[] {
  const kind = files.linkStatus(path)?.kind;
  if (kind === 'link') {
    const [, service] = /anyarch-(binfmt|watch)(?:\.service)?$/.exec(files.readLink(path)) ?? [];
    if (service === undefined) return [];
    return [{ path, feature: service === 'watch' ? 'watch' : 'persistence', isChanged: false }];
  }
  const text = kind === 'file' ? ignoring(unreadable, () => decodeUtf8(files.read(path))) : undefined;
  const [, command] = note.exec(text ?? '') ?? [];
  if (text === undefined || command === undefined) return [];
  const isRules = path.startsWith('/etc/binfmt.d/');
  const feature = command === 'watch' ? 'watch' : 'persistence';
  return [{ path, feature, isChanged: isRules && !isOwnRule(text) }];
}

/** The note, and one rule with an emulator of ours. */
function isOwnRule(text: string): boolean {
  const [first = '', rule = '', ...rest] = text.split('\n');
  if (!note.test(first) || rest.join('') !== '') return false;
  try {
    return parseRule(rule).interpreter.startsWith(`${systemDirectory}/`);
  } catch (error) {
    if (error instanceof AnyarchError) return false;
    throw error;
  }
}
