import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { ignoring, unreadable } from '../host/system-error.ts';
import { recognisedFiles } from '../persistence/index.ts';

type Parts = Pick<Host, 'files'>;

/** A file that `persist enable` or `watch enable` made, by what it says. */
export interface UnrecordedFile {
  readonly path: string;
  readonly feature: 'persistence' | 'watch';
  /** It says more than we write. */
  readonly isChanged: boolean;
}

/** What the features write into their files. */
const note = /^# Made by "anyarch (persist|watch) enable", removed by "anyarch \1 disable"\.$/m;

const rules = '/etc/binfmt.d';

/**
 * Where files of `watch enable` are, links first: they name the others; links to either service that somebody may have
 * moved; and rules that somebody may have changed.
 */
const places: readonly { readonly directory: string; readonly name: RegExp }[] = [
  { directory: '/etc/systemd/system/multi-user.target.wants', name: /^anyarch-watch\.service$/ },
  ...['boot', 'default', 'sysinit'].map((level) => ({
    directory: `/etc/runlevels/${level}`,
    name: /^anyarch-(binfmt|watch)$/,
  })),
  ...['/etc/runit/runsvdir/default', '/etc/service', '/var/service', '/service'].map((directory) => ({
    directory,
    name: /^anyarch-(binfmt|watch)$/,
  })),
  { directory: '/etc/systemd/system', name: /^anyarch-watch\.service$/ },
  { directory: '/etc/init.d', name: /^anyarch-watch$/ },
  { directory: '/etc/sv/anyarch-watch', name: /^[a-z]+$/ },
  { directory: rules, name: /^(z+-)?anyarch-[\w-]+\.conf$/ },
];

/**
 * Files of ours outside of directories of ours, found by their names and what they say: a damaged or lost record must not
 * leave them behind.
 */
export async function unrecordedFiles(host: Parts, recorded: ReadonlySet<string>): Promise<UnrecordedFile[]> {
  const persisted = (await recognisedFiles(host))
    .filter((path) => !path.startsWith(`${systemDirectory}/`))
    .map((path): UnrecordedFile => ({ path, feature: 'persistence', isChanged: false }));
  const others = places.flatMap(({ directory, name }) => {
    const names = ignoring(unreadable, () => host.files.list(directory)) ?? [];
    const named = names.filter((one) => name.test(one)).toSorted();
    return named.flatMap((one) => recognise(host, `${directory}/${one}`));
  });
  // What is known twice is as it was written.
  const files = new Map([...others, ...persisted].map((one) => [one.path, one]));
  return [...files.values()].filter(({ path }) => !recorded.has(path));
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
  if (command === undefined) return [];
  const feature = command === 'watch' ? 'watch' : 'persistence';
  return [{ path, feature, isChanged: path.startsWith(`${rules}/`) }];
}
