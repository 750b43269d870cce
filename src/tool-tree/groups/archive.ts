import { archiveLines } from '../self-test/lines/archive.ts';
import type { Tool } from '../tool.ts';
import { namesUsers, readingFiles } from './common-rules.ts';

/** A 32-bit xz counts on less memory, and chooses other blocks or one thread by it: `xz -9` writes other bytes. */
const countsMemory = 'it chooses its blocks by the memory that a 32-bit program can have';

/** Compressors and archivers: the same algorithm on integers, and the same bytes on every architecture. */
export const archive: readonly Tool[] = [
  tool('tar', 'tar', 'users are looked up in the guest’s files; other programs run as before', {
    rules: readingFiles(namesUsers),
  }),
  tool('gzip', 'gzip', 'one algorithm on bytes', { rules: readingFiles() }),
  tool('bzip2', 'bzip2', 'one algorithm on bytes', { rules: readingFiles() }),
  tool('xz', 'xz-utils', 'one algorithm on bytes; threads and memory are the same in 64-bit programs', {
    rules: readingFiles({ bail: ['--info', '--robot'] }),
    notOn: { armhf: countsMemory, armel: countsMemory, i386: countsMemory },
  }),
  tool(
    'zstd',
    'zstd',
    'one algorithm on bytes; benchmarks and `--version` tell the machine, a 32-bit one has smaller windows',
    {
      rules: readingFiles({ bail: ['-V', '-v', '--v', '-b', '--adapt', '--long'] }),
    },
  ),
];

function tool(name: string, inPackage: string, reason: string, rest: Pick<Tool, 'rules' | 'notOn'>): Tool {
  return {
    group: 'archive',
    name,
    guest: { package: inPackage, path: `usr/bin/${name}` },
    listed: 'allow',
    reason,
    ...rest,
    selfTest: archiveLines[name] ?? [],
  };
}
