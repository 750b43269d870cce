import { baseLines } from '../self-test/lines/base.ts';
import type { Tool } from '../tool.ts';
import { namesUsers, readsFiles } from './common-rules.ts';
import { coreutils } from './coreutils.ts';

/** What shell scripts are made of. */
export const base: readonly Tool[] = [
  {
    group: 'base',
    name: 'dash',
    guest: { package: 'dash', path: 'usr/bin/dash' },
    listed: 'care',
    reason:
      'the shell of configure and of RUN. Its numbers are 64 bits wide everywhere and its printf uses double. Differs where C leaves it to the processor, ' +
      'and where QEMU deviates from Linux: dividing -2^63 by -1 ends it with SIGFPE on x86 hosts; shifts by 64 and more (armhf, ppc64el); ' +
      '`ulimit -v`, `-d` and `-s` take effect; a script’s own `< /proc/cpuinfo` reads the host’s',
    rules: { bail: readsFiles },
    selfTest: baseLines['dash'] ?? [],
  },
  ...coreutils,
  tool('find', 'findutils', 'lists what the kernel says; users are looked up in the guest’s files', {
    bail: readsFiles,
    unless: namesUsers,
  }),
  tool('xargs', 'findutils', 'starts other programs; `--show-limits` names sizes of this machine', {
    bail: [...readsFiles, '--sh'],
  }),
  tool('grep', 'grep', 'the same expressions on bytes and UTF-8', { bail: readsFiles }),
  tool('sed', 'sed', 'the same expressions on bytes and UTF-8; `--debug` shows signed characters', {
    bail: [...readsFiles, '--d'],
  }),
  tool('cmp', 'diffutils', 'compares bytes', { bail: readsFiles }),
  tool('diff', 'diffutils', 'compares lines', { bail: readsFiles }),
  tool('diff3', 'diffutils', 'compares lines; starts diff', { bail: readsFiles }),
  tool('sdiff', 'diffutils', 'compares lines; starts diff', { bail: readsFiles }),
  tool(
    'm4',
    'm4',
    'its numbers are 32 bits wide everywhere, format() uses double; other programs run as before',
    {
      bail: readsFiles,
    },
  ),
  tool('patch', 'patch', 'changes lines', { bail: readsFiles }),
  tool('file', 'file', 'the guest’s magic is read in its byte order; `-C` would write it in the host’s', {
    bail: [...readsFiles, '-C', '--c'],
    bailenv: ['MAGIC'],
  }),
  tool('ninja', 'ninja-build', 'starts other programs; the number of processors is the same', {
    bail: readsFiles,
  }),
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
