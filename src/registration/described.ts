import { AnyarchError } from '../core/error.ts';
import type { Flags } from '../core/flags.ts';
import { parseRule, type Rule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import { followInside } from '../host/follow-inside.ts';
import { ignoring } from '../host/system-error.ts';
import { decodeUtf8 } from '../core/text.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** Where the descriptions are looked for. */
interface Place {
  readonly files: Host['files'];
  /** What stands before the paths; those that are reported are the host's own. */
  readonly root: string;
}

/** A rule that a file of the distribution or the administrator describes. */
export interface Described {
  readonly by: 'systemd-binfmt' | 'binfmt-support' | 'openrc';
  readonly file: string;
  /** Undefined for a script, which gives names of its own. */
  readonly name: string | undefined;
  /** Undefined when the file only names the entry in a way that we do not understand: then the name alone counts. */
  readonly interpreter: string | undefined;
  /** Undefined when they are not understood. */
  readonly flags?: Flags;
  /** Of a script: whether its entries may have flag F. */
  readonly fixBinary?: boolean;
}

/** systemd's directories (binfmt.d(5)), the strongest first. */
const systemdDirectories = [
  '/etc/binfmt.d',
  '/run/binfmt.d',
  '/usr/local/lib/binfmt.d',
  '/usr/lib/binfmt.d',
  '/lib/binfmt.d',
];

/** Ours (persistence/): they describe nobody else's entries. */
const ownFile = /^(zz-)?anyarch[-.]/;

/** update-binfmts(8) keeps one file per format here. */
const binfmtSupportDirectory = '/var/lib/binfmts';

/** Nothing here is wrong enough to fail: what cannot be read describes nothing. */
export function readDescribed({ files, system }: Parts): readonly Described[] {
  if (system.hostFiles === 'hidden') return [];
  const host = { files, root: system.hostFiles?.below ?? '' };
  return [
    ...systemdFiles(host).flatMap((path) => readSystemdFile(host, path)),
    ...readBinfmtSupport(host),
    ...readOpenRc(host),
  ];
}

/** A file of a stronger directory masks those of the same name in weaker ones. */
function systemdFiles(host: Place): string[] {
  const paths = new Map<string, string>();
  for (const directory of systemdDirectories) {
    for (const name of listOrNothing(host, directory)) {
      if (name.endsWith('.conf') && !ownFile.test(name) && !paths.has(name))
        paths.set(name, `${directory}/${name}`);
    }
  }
  return [...paths.values()];
}

function readSystemdFile(host: Place, file: string): Described[] {
  return readLines(host, file)
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'))
    .flatMap((line) => describedByLine(file, line));
}

function describedByLine(file: string, line: string): Described[] {
  const rule = parseOrUndefined(line);
  const name = rule?.name ?? line.split(line.charAt(0))[1] ?? '';
  return name === '' ? [] : [{ by: 'systemd-binfmt', file, name, ...pick(rule) }];
}

function parseOrUndefined(line: string): Rule | undefined {
  try {
    return parseRule(line);
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

function pick(rule: Rule | undefined): Pick<Described, 'interpreter' | 'flags'> {
  return rule === undefined
    ? { interpreter: undefined }
    : { interpreter: rule.interpreter, flags: rule.flags };
}

/** Lines: package, type, offset, magic, mask, interpreter, detector, then flags (binfmt-support, src/format.c). */
function readBinfmtSupport(host: Place): Described[] {
  return listOrNothing(host, binfmtSupportDirectory).map((name) => {
    const file = `${binfmtSupportDirectory}/${name}`;
    const lines = readLines(host, file);
    const [interpreter, credentials, preserveArgv0, fixBinary] = [5, 7, 8, 9].map((index) => lines[index]);
    return {
      by: 'binfmt-support',
      file,
      name,
      interpreter: interpreter === '' ? undefined : interpreter,
      flags: {
        credentials: credentials === 'yes',
        openBinary: false,
        preserveArgv0: preserveArgv0 === 'yes',
        fixBinary: fixBinary === 'yes',
      },
    };
  });
}

/** Alpine's and Gentoo's service, and what configures it. */
const openRcScript = '/etc/init.d/qemu-binfmt';
const openRcSettings = '/etc/conf.d/qemu-binfmt';

/** It registers /usr/bin/qemu-ARCH for what is installed, with OC unless told otherwise: an image always sets F. */
function readOpenRc(host: Place): Described[] {
  const script = readLines(host, openRcScript);
  if (script.length === 0) return [];
  const fixBinary = [...script, ...readLines(host, openRcSettings)].some((line) =>
    /^[^#]*QEMU_BINFMT_FLAGS\W+[POC]*F/.test(line),
  );
  return [{ by: 'openrc', file: openRcScript, name: undefined, interpreter: undefined, fixBinary }];
}

/** Bytes; no file that describes entries is nearly as long. */
const longest = 1024 * 1024;

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'];

function listOrNothing({ files, root }: Place, path: string): string[] {
  const found = inside({ files, root }, path);
  return found === undefined ? [] : [...(ignoring(unreadable, () => files.list(found)) ?? [])].sort();
}

/** Opening a pipe waits for somebody to write, and a device may never end. */
function readLines({ files, root }: Place, path: string): string[] {
  const found = inside({ files, root }, path);
  const status = found === undefined ? undefined : ignoring(unreadable, () => files.status(found));
  if (found === undefined || status?.kind !== 'file' || status.size > longest) return [];
  const bytes = ignoring(unreadable, () => files.readAt(found, 0, status.size));
  return bytes === undefined
    ? []
    : decodeUtf8(bytes)
        .split('\n')
        .map((line) => line.trim());
}

/** An absolute link of the host's, as NixOS has them in /etc, leads to the host's files. */
function inside({ files, root }: Place, path: string): string | undefined {
  return root === '' ? path : ignoring(unreadable, () => followInside(files, root, path));
}
