import { lookUpArchitecture, type Architecture } from '../../../core/architecture.ts';
import { architectureOfElf } from '../../../core/elf-architecture.ts';
import { AnyarchError } from '../../../core/error.ts';
import { followInside } from '../../../host/follow-inside.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { askedProgram } from '../../facts/asked-program.ts';
import { otherRoot } from '../../facts/other-root.ts';
import { commandName } from '../../remedies/register.ts';
import type { Fault, Remedy, Verdict } from '../../verdict.ts';
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
    if (program === undefined) return verdictOnMessage(examination) ?? noFile;
    const { path, elf, header } = program;
    if (header === undefined) return verdictOnMessage(examination) ?? unreadable(path);
    if (elf === undefined || elf instanceof AnyarchError || elf.interpreter === undefined)
      return (
        verdictOnMessage(examination) ?? {
          status: 'skipped',
          reason: `${path} needs no dynamic loader, as far as can be told`,
        }
      );
    const { root } = examination;
    const loader = elf.interpreter;
    const { at, places } = lookFor(examination, loader);
    if (at !== undefined) return { status: 'ok', evidence: [`${loader} is there: ${at}`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `the loader ${loader} of ${path} is not in ${root}`,
      evidence: [`${path} names the loader ${loader}`, `there is none in ${places.join(', ')}`],
      remedies: remediesFor(examination, { path, architecture: architectureOfElf(elf), loader }),
    };
  },
});

/** What QEMU says, and the kernel for a loader that it runs by itself. */
const couldNotOpen =
  /Could not open '(\/[^']*\/ld[^'/]*)'|^(\/lib\S*\/ld[-\w.]+): No such file or directory$/m;

/** Without a file: an emulator has said which loader it did not find. */
function verdictOnMessage(examination: Examination): Verdict | undefined {
  const { message, root } = examination;
  const said = couldNotOpen.exec(message?.text ?? '');
  const loader = said?.[1] ?? said?.[2];
  if (message === undefined || loader === undefined) return undefined;
  const architecture = lookUpArchitecture(message.architectures[0] ?? '');
  const other = otherRoot(examination);
  const where = other === undefined ? root : (other.path ?? other.why);
  const fault = {
    status: 'fault',
    severity: 'error',
    summary: `the loader ${loader} of the program is not in ${where}`,
    ...(architecture === undefined ? {} : { architectures: [architecture.name] }),
  } as const;
  const inRoot: Remedy = {
    does: 'or run it in a root file system that has it: anyarch run --rootfs DIR PROGRAM',
    by: 'user',
  };
  const inOther: Remedy = {
    does: `use an image or a root file system whose programs are all for ${commandName(architecture?.name ?? 'the program')}, install the libc that has ${loader} there, or build the program statically`,
    by: 'user',
  };
  if (other !== undefined && other.path === undefined)
    return { ...fault, certainty: 'likely', evidence: [said?.[0] ?? ''], remedies: [inOther] };
  const { at, places } = lookFor(examination, loader);
  if (at !== undefined) return { status: 'ok', evidence: [`${loader} is there: ${at}`] };
  return {
    ...fault,
    certainty: 'proven',
    evidence: [said?.[0] ?? '', `there is none in ${places.join(', ')}`],
    remedies: [...remediesFor(examination, { path: undefined, architecture, loader }), inRoot],
  };
}

function lookFor(
  examination: Examination,
  loader: string,
): { readonly at: string | undefined; readonly places: readonly string[] } {
  const places = [...new Set([examination.root, ...prefixes(examination)])];
  const found = places.map((one) => followInside(examination.host.files, one, loader));
  return { at: found.find((one) => one !== undefined), places };
}

/** Where QEMU looks first (option -L). */
function prefixes({ host: { system } }: Examination): string[] {
  const prefix = system.environment['QEMU_LD_PREFIX'];
  return prefix?.startsWith('/') === true ? [prefix] : [];
}

interface Loaded {
  /** Undefined where only a message tells of the program. */
  readonly path: string | undefined;
  readonly architecture: Architecture | undefined;
  readonly loader: string;
}

function remediesFor({ root, host }: Examination, { path, architecture, loader }: Loaded): Fault['remedies'] {
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
          does: `start it with the libraries of /usr/${cross}${path === undefined ? `: anyarch exec -L /usr/${cross} PROGRAM` : ''}`,
          ...(path === undefined ? {} : { command: ['anyarch', 'exec', '-L', `/usr/${cross}`, path] }),
          by: 'user',
        },
        first,
        ...others,
      ];
}
