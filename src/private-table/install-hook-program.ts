import { fileURLToPath } from 'node:url';
import { encodeUtf8 } from '../core/text.ts';
import { equalBytes } from '../core/bytes.ts';
import { AnyarchError } from '../core/error.ts';
import { formatImagePlatform, imagePlatform } from '../core/oci/image-platform.ts';
import { parsePlatform } from '../core/platform.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

type Parts = Pick<Host, 'files' | 'processes' | 'system'>;

/**
 * Puts the program that hooks run below the state directory: the static one where the package has it for this machine,
 * else a script that starts Node. What is there already and the same stays; running copies go on.
 *
 * @returns its path
 * @throws AnyarchError ANYARCH_PERMISSION where programs in the state directory may not be executed
 */
export function installHookProgram(host: Parts, state: string): string {
  const { files } = host;
  const content = staticProgram(host) ?? script(host);
  const directory = `${state}/rootless`;
  const path = `${directory}/anyarch`;
  const wasThere = files.linkStatus(path) !== undefined;
  files.makeDirectory(directory, 0o755);
  if (!isSame(files, path, content)) files.writeAtomic(path, content, 0o755);
  if (files.isExecutable(path)) return path;
  if (!wasThere) {
    files.remove(path);
    ignoring(['ENOTEMPTY', 'EEXIST'], () => {
      files.removeDirectory(directory);
    });
  }
  throw new AnyarchError(
    'ANYARCH_PERMISSION',
    `programs below ${state} may not be executed (noexec mount?)`,
    {
      hint: 'set ANYARCH_HOME to a directory of yours on a file system that is not mounted noexec',
      details: { path },
    },
  );
}

/**
 * Why the program that hooks run does not do its work, or is to be replaced; undefined where all is well. It is compared,
 * not started: what the kernel does not take for a program, a C library has a shell run as a script.
 *
 * @returns one clause for people
 */
export function hookProgramFault(host: Parts, state: string): string | undefined {
  const { files } = host;
  const path = `${state}/rootless/anyarch`;
  const status = files.linkStatus(path);
  if (status?.kind !== 'file') return `the program that hooks run is gone, ${path}`;
  if (!files.isExecutable(path))
    return (status.mode & 0o100) === 0
      ? `the program that hooks run may not be executed, ${path}`
      : `the program that hooks run may not be executed, ${path}: its file system is mounted noexec, which stops runtimes of ours there, too`;
  return isSame(files, path, staticProgram(host) ?? script(host))
    ? undefined
    : `the program that hooks run is damaged, or of another version of anyarch or another CPU, ${path}`;
}

function isSame(files: Host['files'], path: string, content: Uint8Array): boolean {
  return (
    files.linkStatus(path)?.kind === 'file' &&
    files.isExecutable(path) &&
    equalBytes(files.read(path), content)
  );
}

/** Undefined where the package has none for this machine, or one that does not run here. */
function staticProgram({ files, processes, system }: Parts): Uint8Array | undefined {
  const folder = formatImagePlatform(imagePlatform(parsePlatform(system.machine))).replaceAll('/', '-');
  const path = `${packageRoot({ files })}/build/entrypoint/${folder}/anyarch`;
  if (files.status(path)?.kind !== 'file') return undefined;
  return processes.run([path, '--version'], { timeoutMs: 10_000 }).exitCode === 0
    ? files.read(path)
    : undefined;
}

/** Starts in some 100 ms where the static program takes 3. As a hook it succeeds whatever has become of Node and of us. */
function script({ files }: Pick<Parts, 'files'>): Uint8Array {
  const start = `${quoted(process.execPath)} ${quoted(`${packageRoot({ files })}/dist/cli/start.cjs`)} "$@"`;
  return encodeUtf8(`#!/bin/sh
# What engines run before each container, installed by: anyarch rootless enable
case " $* " in
  *' --hook '*)
    ${start} </dev/null >/dev/null 2>&1
    exit 0 ;;
esac
exec ${start}
`);
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Beside the sources and beside the bundle, it is at different heights. */
function packageRoot({ files }: Pick<Parts, 'files'>): string {
  for (const up of ['../', '../../', '../../../']) {
    const path = fileURLToPath(new URL(up, import.meta.url)).replace(/\/$/, '');
    if (files.status(`${path}/bin/anyarch`)?.kind === 'file') return path;
  }
  throw new Error('bin/anyarch is missing from this installation of anyarch');
}
