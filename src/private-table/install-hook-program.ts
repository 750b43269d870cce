import { fileURLToPath } from 'node:url';
import { encodeUtf8 } from '../core/text.ts';
import { equalBytes } from '../core/bytes.ts';
import { AnyarchError } from '../core/error.ts';
import { formatImagePlatform, imagePlatform } from '../core/oci/image-platform.ts';
import { parsePlatform } from '../core/platform.ts';
import type { Host } from '../host/host.ts';

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
  files.makeDirectory(directory, 0o755);
  const isThere =
    files.linkStatus(path)?.kind === 'file' &&
    files.isExecutable(path) &&
    equalBytes(files.read(path), content);
  if (!isThere) files.writeAtomic(path, content, 0o755);
  if (files.isExecutable(path)) return path;
  throw new AnyarchError(
    'ANYARCH_PERMISSION',
    `programs below ${state} may not be executed (noexec mount?)`,
    {
      hint: 'set ANYARCH_HOME to a directory of yours on a file system that is not mounted noexec',
      details: { path },
    },
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

/** Starts in some 100 ms where the static program takes 3. */
function script({ files }: Pick<Parts, 'files'>): Uint8Array {
  return encodeUtf8(`#!/bin/sh
# What engines run before each container, installed by: anyarch rootless enable
exec ${quoted(process.execPath)} ${quoted(`${packageRoot({ files })}/dist/cli/start.cjs`)} "$@"
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
