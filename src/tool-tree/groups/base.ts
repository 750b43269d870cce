import { baseLines } from '../self-test/lines/base.ts';
import type { Tool } from '../tool.ts';
import { namesUsers, readingFiles } from './common-rules.ts';
import { coreutils } from './coreutils.ts';

/** Shifts by 64 and more: the processor takes them modulo 64 on x86 and arm64, here they give 0 or -1. */
const shifts = 'shifts by 64 and more give something else there, and no script can be asked for them';

/** What shell scripts are made of. */
export const base: readonly Tool[] = [
  {
    group: 'base',
    name: 'dash',
    guest: { package: 'dash', path: 'usr/bin/dash' },
    listed: 'care',
    reason:
      'the shell of configure and of RUN. Its numbers are 64 bits wide everywhere and its printf uses double. A script that has `/proc`, `proc/` or `ulimit` anywhere is ' +
      'emulated, and so is one from standard input. Differs where C leaves it to the processor: dividing -2^63 by -1 ends it with SIGFPE on x86 hosts',
    notOn: { armhf: shifts, armel: shifts, ppc64el: shifts },
    rules: readingFiles({ script: ['/proc', 'proc/', 'ulimit'] }),
    selfTest: baseLines['dash'] ?? [],
  },
  ...coreutils,
  tool(
    'find',
    'findutils',
    'lists what the kernel says; users are looked up in the guest’s files',
    readingFiles(namesUsers),
  ),
  tool(
    'xargs',
    'findutils',
    'starts other programs; `--show-limits` names sizes of this machine',
    readingFiles({ bail: ['--sh'] }),
  ),
  tool('grep', 'grep', 'the same expressions on bytes and UTF-8', readingFiles()),
  tool(
    'sed',
    'sed',
    'the same expressions on bytes and UTF-8; `--debug` shows signed characters',
    readingFiles({ bail: ['--d'] }),
  ),
  tool('cmp', 'diffutils', 'compares bytes', readingFiles()),
  tool('diff', 'diffutils', 'compares lines', readingFiles()),
  tool('diff3', 'diffutils', 'compares lines; starts diff', readingFiles()),
  tool('sdiff', 'diffutils', 'compares lines; starts diff', readingFiles()),
  tool(
    'm4',
    'm4',
    'its numbers are 32 bits wide everywhere, format() uses double; other programs run as before',
    readingFiles(),
  ),
  tool('patch', 'patch', 'changes lines', readingFiles()),
  tool(
    'file',
    'file',
    'the guest’s magic is read in its byte order; `-C` would write it in the host’s',
    readingFiles({
      bail: ['-C', '--c'],
      bailenv: ['MAGIC'],
    }),
  ),
  tool('ninja', 'ninja-build', 'starts other programs; the number of processors is the same', readingFiles()),
];

function tool(name: string, inPackage: string, reason: string, rules: NonNullable<Tool['rules']>): Tool {
  return {
    group: 'base',
    name,
    guest: { package: inPackage, path: `usr/bin/${name}` },
    listed: 'allow',
    reason,
    rules,
    selfTest: baseLines[name] ?? [],
  };
}
