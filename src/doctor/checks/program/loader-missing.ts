import { architectureOfElf } from '../../../core/elf-architecture.ts';
import type { ElfFile } from '../../../core/elf.ts';
import { AnyarchError } from '../../../core/error.ts';
import { followInside } from '../../../host/follow-inside.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { askedProgram } from '../../facts/asked-program.ts';
import type { Fault, Remedy } from '../../verdict.ts';
import { noFile, unreadable } from './no-file.ts';

export const loaderMissing = defineCheck({
  id: 'loader-missing',
  question: "Is the program's dynamic loader there?",
  severity: 'error',
  explanation:
    'A dynamically linked program names the loader that starts it, such as /lib/ld-linux-aarch64.so.1. For a foreign program QEMU opens it in the root file system, which seldom has it unless it is of the same architecture: "Could not open \'/lib/ld-linux-aarch64.so.1\'". For a native one the kernel says "no such file or directory" and names the program. A program for musl in a root file system with glibc, and the other way round, is the same case.',
  remedy: 'anyarch run --rootfs DIR with a root file system of its architecture, or install its libc',
  symptoms: ['loader-not-found', 'no-such-file'],
  references: ['https://man7.org/linux/man-pages/man8/ld.so.8.html'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, elf, header } = program;
    if (header === undefined) return unreadable(path);
    if (elf === undefined || elf instanceof AnyarchError || elf.interpreter === undefined)
      return { status: 'skipped', reason: `${path} needs no dynamic loader, as far as can be told` };
    const { root } = examination;
    const loader = elf.interpreter;
    const places = [...new Set([root, ...prefixes(examination)])];
    const found = places.map((one) => followInside(examination.host.files, one, loader));
    const at = found.find((one) => one !== undefined);
    if (at !== undefined) return { status: 'ok', evidence: [`${loader} is there: ${at}`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `the loader ${loader} of ${path} is not in ${root}`,
      evidence: [`${path} names the loader ${loader}`, `there is none in ${places.join(', ')}`],
      remedies: remediesFor(examination, path, elf, loader),
    };
  },
});

/** Where QEMU looks first (option -L). */
function prefixes({ host: { system } }: Examination): string[] {
  const prefix = system.environment['QEMU_LD_PREFIX'];
  return prefix?.startsWith('/') === true ? [prefix] : [];
}

function remediesFor(
  { root, host }: Examination,
  path: string,
  elf: ElfFile,
  loader: string,
): Fault['remedies'] {
  const architecture = architectureOfElf(elf);
  const debian = architecture?.debian[0];
  const install: Remedy = {
    does: `install the libc that has ${loader} in ${root}, or build the program statically`,
    by: 'user',
  };
  if (root !== '/' || architecture === undefined || debian === undefined) return [install];
  const cross = architecture.triplets.find(
    (one) => followInside(host.files, `/usr/${one}`, loader) !== undefined,
  );
  const rest: readonly Remedy[] = loader.includes('musl')
    ? [install]
    : [
        {
          does: `install Debian's libc for ${debian} beside this machine's`,
          command: [
            'sh',
            '-c',
            `dpkg --add-architecture ${debian} && apt-get update && apt-get install -y libc6:${debian}`,
          ],
          by: 'user',
          needsRoot: true,
        },
        install,
      ];
  const [first = install, ...others] = rest;
  return cross === undefined
    ? [first, ...others]
    : [
        {
          does: `start it with the libraries of /usr/${cross}`,
          command: ['anyarch', 'exec', '-L', `/usr/${cross}`, path],
          by: 'user',
        },
        first,
        ...others,
      ];
}
