import { architectureOfElf } from '../../../core/elf-architecture.ts';
import { neededLibraries } from '../../../core/elf-needed.ts';
import { AnyarchError } from '../../../core/error.ts';
import { followInside } from '../../../host/follow-inside.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { askedProgram } from '../../facts/asked-program.ts';
import { libraryDirectories } from '../../facts/library-directories.ts';
import { noFile, unreadable } from './no-file.ts';

export const libraryMissing = defineCheck({
  id: 'library-missing',
  question: 'Are the libraries there that the program needs?',
  severity: 'error',
  explanation:
    'The dynamic loader of the program looks for its libraries in the root file system: "error while loading shared libraries: libz.so.1: cannot open shared object file". Emulation has no part in it; images that were put together by hand, or for another release, lack them.',
  remedy: 'install the packages of these libraries in the root file system',
  symptoms: ['loader-not-found', 'no-such-file'],
  references: ['https://man7.org/linux/man-pages/man8/ld.so.8.html'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, elf, header, source } = program;
    if (header === undefined) return unreadable(path);
    const architecture =
      elf === undefined || elf instanceof AnyarchError ? undefined : architectureOfElf(elf);
    if (elf === undefined || elf instanceof AnyarchError || architecture === undefined)
      return { status: 'skipped', reason: `${path} is no ELF program that could need libraries` };
    if (elf.linkage !== 'dynamic')
      return { status: 'skipped', reason: `${path} is linked ${elf.linkage}: it needs no library` };
    const { root, host } = examination;
    if (followInside(host.files, root, elf.interpreter ?? '') === undefined)
      return { status: 'skipped', reason: 'its dynamic loader is missing already' };
    const { names, directories } = neededLibraries(source);
    const usual = libraryDirectories(examination, architecture, elf.class);
    const origin = originOf(examination, path);
    const own = directories.map((one) => one.replace(/\$(ORIGIN|\{ORIGIN\})/g, () => origin));
    const missing = names.filter((name) => {
      const candidates = name.includes('/')
        ? [name]
        : [...own, ...usual].map((directory) => `${directory}/${name}`);
      return candidates.every((one) => followInside(host.files, root, one) === undefined);
    });
    if (missing.length === 0)
      return { status: 'ok', evidence: [`needs ${names.join(', ') || 'no library'}: all are there`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'likely',
      summary: `${path} needs ${missing.join(', ')}, which ${root} does not have`,
      evidence: [
        `${path} needs ${names.join(', ')}`,
        `looked for in ${[...own, ...usual].join(', ')} of ${root}`,
      ],
      remedies: [{ does: `install ${missing.join(', ')} in ${root}, for ${architecture.name}`, by: 'user' }],
      architectures: [architecture.name],
    };
  },
});

/** The directory of the program in its root file system, links followed as in there: /usr/bin/java is one. */
function originOf({ host, root }: Examination, path: string): string {
  const above = root.replace(/\/+$/, '');
  const inside = path.startsWith(`${above}/`) ? path.slice(above.length) : path;
  const found = followInside(host.files, root, inside)?.slice(above.length) ?? inside;
  return found.slice(0, found.lastIndexOf('/'));
}
