import { parseRule } from '../core/rule.ts';
import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { persistedEmulators, systemDirectory } from '../host/system-directory.ts';
import { recordedPaths, type WantedFile } from '../installed-files/index.ts';
import { openrcFiles } from './init/openrc.ts';
import { runitFiles } from './init/runit.ts';
import { systemdUnits } from './init/systemd.ts';
import { parseTemplate } from './order/formats.ts';
import { unreadable } from './order/unreadable.ts';
import { origin, persistedTarget, rulesDirectory, shellProgram, templatesDirectory } from './places.ts';
import type { BootEntry } from './boot-entry.ts';

type Parts = Pick<Host, 'files'>;

/** A file of ours outside of the state directory, recorded or not. */
export interface OwnFile {
  readonly path: string;
  /** QEMU's name of the target that it is for; undefined for what all have in common. */
  readonly target: string | undefined;
  /** What it registers at boot. */
  readonly entry: BootEntry | undefined;
}

/**
 * What is recorded, and what tells by its name and content that `persist enable` wrote it: so it is found where the
 * records were lost.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID when the record is damaged
 */
export function ownFiles(host: Parts, state: string): OwnFile[] {
  const recorded = recordedPaths(host, state, 'persistence');
  return [...new Set([...recorded, ...recognised(host)])].map((path) => ({
    path,
    target: targetOf(path),
    entry: entryIn(host, path),
  }));
}

function recognised(host: Parts): string[] {
  const within = (directory: string, isOurs: (path: string) => boolean): string[] =>
    (ignoring(unreadable, () => host.files.list(directory)) ?? [])
      .map((name) => `${directory}/${name}`)
      .filter(isOurs);
  const hasEntry = (path: string) => entryIn(host, path) !== undefined;
  const sets = within(systemDirectory, (path) => setPattern.test(path));
  const isCopy = (path: string) =>
    host.files.linkStatus(path)?.kind === 'file' && targetOf(path) !== undefined;
  return [
    ...sets.flatMap((directory) => within(directory, isCopy)),
    ...[persistedEmulators].filter((path) =>
      setPattern.test(`${systemDirectory}/${linkAt(host, path) ?? ''}`),
    ),
    ...within('/etc/binfmt.d', hasEntry),
    ...within(rulesDirectory, hasEntry),
    ...within(templatesDirectory, hasEntry),
    ...[shellProgram].filter((path) => textAt(host, path)?.includes(origin)),
    ...initFiles(host).flatMap(({ path, content }) => {
      const isOurs =
        typeof content === 'object' && 'link' in content
          ? linkAt(host, path) === content.link
          : textAt(host, path)?.includes(origin) === true;
      return isOurs ? [path] : [];
    }),
  ];
}

/** Whatever init was in use, and however systemd was found. */
function initFiles(host: Parts): WantedFile[] {
  const facts = { unregisters: false, mounts: [] };
  return [
    ...systemdUnits({ ...facts, hasBinfmt: false }),
    ...systemdUnits({ ...facts, hasBinfmt: true }),
    ...openrcFiles(),
    ...(runitFiles(host) ?? []),
  ];
}

const setPattern = new RegExp(`^${systemDirectory}/emulators-[0-9a-f]{12}$`);
const confPattern = /^\/etc\/binfmt\.d\/(?:zz+-)?anyarch-([a-z0-9_]+)\.conf$/;
const copyPattern = new RegExp(
  `^${systemDirectory}/emulators-[0-9a-f]{12}/(?:qemu-([a-z0-9_]+)|([a-z0-9_]+)\\.json)$`,
);
const entryPattern = new RegExp(`^${systemDirectory}/(?:rules|binfmts)/(?:qemu|anyarch)-([a-z0-9_]+)$`);

function targetOf(path: string): string | undefined {
  for (const pattern of [confPattern, copyPattern, entryPattern]) {
    const found = pattern.exec(path);
    if (found !== null) return found[1] ?? found[2];
  }
  return undefined;
}

/** Undefined where the file does not read as we write it, or is for something else than its name says. */
function entryIn(host: Parts, path: string): BootEntry | undefined {
  const target = targetOf(path);
  if (target === undefined || copyPattern.test(path)) return undefined;
  const text = textAt(host, path);
  if (text === undefined) return undefined;
  const rule = path.startsWith(`${templatesDirectory}/`)
    ? parseTemplate(path.slice(path.lastIndexOf('/') + 1), text)
    : ruleOf(confPattern.test(path) ? withoutNote(text) : text);
  return rule !== undefined && persistedTarget(rule.interpreter) === target ? { target, rule } : undefined;
}

function withoutNote(text: string): string {
  return text.startsWith(`${origin}\n`) ? text.slice(origin.length + 1) : '';
}

function ruleOf(text: string): BootEntry['rule'] | undefined {
  try {
    return parseRule(text.replace(/\n$/, ''));
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

function textAt({ files }: Parts, path: string): string | undefined {
  if (ignoring(unreadable, () => files.linkStatus(path))?.kind !== 'file') return undefined;
  const bytes = ignoring(unreadable, () => files.read(path));
  return bytes === undefined ? undefined : decodeUtf8(bytes);
}

function linkAt({ files }: Parts, path: string): string | undefined {
  return ignoring([...unreadable, 'EINVAL'], () => files.readLink(path));
}
