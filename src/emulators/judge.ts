import { lookUpArchitecture, sameFamily } from '../core/architecture.ts';
import { architectureOfElf } from '../core/elf-architecture.ts';
import { readElf, type ElfFile } from '../core/elf.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { preservesArgv0, type Candidate, type Emulator } from './emulator.ts';

export interface JudgeOptions {
  readonly origin: Emulator['origin'];
  /** Accept programs that need a loader, which containers and other root file systems do not have. */
  readonly allowDynamic: boolean;
}

type JudgeHost = Pick<Host, 'files' | 'processes' | 'system'>;

/** Finds out whether a file is an emulator of a target that can be used here. Executes it, once nothing else speaks against it. */
export function judge(
  host: JudgeHost,
  path: string,
  target: string,
  { origin, allowDynamic }: JudgeOptions,
): Candidate {
  const rejected = (reason: string): Candidate => ({ path, rejected: reason });
  const status = host.files.status(path);
  if (status === undefined) return rejected('there is nothing');
  if (status.kind !== 'file') return rejected('it is no file');
  if (!host.files.isExecutable(path)) return rejected('it may not be executed (its mode, or a noexec mount)');
  const elf = readProgram(host.files, path, status.size);
  if (typeof elf === 'string') return rejected(elf);
  const foreign = foreignness(elf, host.system.machine);
  if (foreign !== undefined) return rejected(foreign);
  const { linkage } = elf;
  if (linkage === 'library' || linkage === 'none') return rejected('it is no program');
  if (linkage === 'dynamic' && !allowDynamic) {
    return rejected(
      `it is dynamically linked: it needs ${elf.interpreter ?? 'a loader'}, which containers do not have`,
    );
  }
  const answer = askVersion(host, path);
  if (typeof answer === 'string') return rejected(answer);
  if (answer.target !== target) return rejected(`it says that it emulates ${answer.target}`);
  const { version, packageVersion } = answer;
  return {
    path,
    emulator: {
      target,
      path,
      version,
      packageVersion,
      linkage,
      origin,
      preservesArgv0: preservesArgv0(version),
    },
  };
}

function readProgram(files: Host['files'], path: string, size: number): ElfFile | string {
  try {
    return readElf({ size, read: (offset, length) => files.readAt(path, offset, length) });
  } catch (error) {
    if (error instanceof AnyarchError) return `it is no program: ${error.message}`;
    if (error instanceof SystemError) return `it cannot be read (${error.errno})`;
    throw error;
  }
}

/** Programs of the host's own family are left to the test of running them: x86_64 kernels usually run i386. */
function foreignness(elf: ElfFile, machine: string): string | undefined {
  const [program, host] = [architectureOfElf(elf), lookUpArchitecture(machine)];
  if (host === undefined || (program !== undefined && sameFamily(program, host))) return undefined;
  // x86_64 is of i386's family; anything else would be emulated by what it is itself.
  return `it is a program for ${program?.name ?? `ELF machine ${elf.machine}`}, and this host is ${host.name}`;
}

interface VersionAnswer {
  readonly target: string;
  readonly version: string;
  readonly packageVersion: string | undefined;
}

function askVersion({ processes }: JudgeHost, path: string): VersionAnswer | string {
  const { exitCode, signal, startError, stdout, timedOut } = processes.run([path, '--version'], {
    timeoutMs: 10_000,
  });
  if (startError !== undefined) return `it does not start (${startError})`;
  if (timedOut) return 'it does not answer to --version within 10 s';
  if (exitCode !== 0) return `--version fails (${signal ?? `exit code ${exitCode ?? 'unknown'}`})`;
  return parseVersion(stdout) ?? 'what --version prints is not what QEMU prints';
}

/** `qemu-aarch64 version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1)`, with other brackets on other distributions. */
export function parseVersion(text: string): VersionAnswer | undefined {
  const match = /^qemu-([a-z0-9_]+) version (\d+(?:\.\d+)+)[^\s(]*(?: \((?:Debian|Ubuntu) ([^)\s]+)\))?/.exec(
    text,
  );
  const [, target, version, packageVersion] = match ?? [];
  return target === undefined || version === undefined ? undefined : { target, version, packageVersion };
}
