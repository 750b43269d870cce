import { AnyarchError } from '../../core/error.ts';
import { compareQemuVersions } from '../../core/version.ts';
import {
  findAllPrograms,
  installedPrograms,
  obtainPrograms,
  offeredVersion,
  type Programs,
  type ProgramsHost,
  type ProgramsOptions,
} from '../../debian-programs/index.ts';
import { upstreamVersion } from '../../debian/index.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { describePrograms } from './describe.ts';
import { dataDirectories, firmwareOf, missingIn } from './parts.ts';
import { qemuOf } from './qemu.ts';
import type { Tools } from './tools.ts';

export interface ToolsOptions extends Pick<
  ProgramsOptions,
  'mirror' | 'noFetch' | 'allowExpired' | 'keyrings' | 'signal' | 'onProgress'
> {
  /** A path, `system`, or the beginning of a version: `10.0`. Default: the system's where it is new enough and whole, else Debian's. */
  readonly qemu?: string | undefined;
  /** That a saved state is of: where it is still here, it is taken before all others that would do. */
  readonly savedBy?: { readonly version: string; readonly sha256: string } | undefined;
  /** Programs that are needed beside QEMU and qemu-img: `virtiofsd`. */
  readonly needs?: readonly string[] | undefined;
}

/** States of running machines are kept as files with `mapped-ram`, which is as old as this. */
export const oldestQemu = '9.0';

/** Suites whose QEMU can be had, in the order in which they are tried. */
export const offeredSuites = [['trixie'], ['trixie', 'trixie-backports']] as const;

/** Packages that every machine's tools are from, beside the definition's. */
export const commonPackages = ['qemu-utils', 'virtiofsd'] as const;

/**
 * Finds or fetches what a machine is started with.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND with the packages to install, ANYARCH_EMULATOR_UNUSABLE, and what `obtainPrograms` throws
 */
export async function obtainTools(
  host: ProgramsHost,
  definition: MachineDefinition,
  options: ToolsOptions = {},
): Promise<Tools> {
  const { qemu } = options;
  const installed = installedPrograms(host);
  if (qemu?.includes('/') === true) return givenTools(host, definition, installed, qemu, options);
  const missing = missingIn(installed, definition, options.needs);
  if (qemu === 'system') {
    if (missing.length > 0) throw notInstalled(definition, missing);
    return toolsOf(host, definition, installed, installed);
  }
  const before = savedTools(host, definition, installed, options);
  if (before !== undefined) return before;
  const rejected: string[] = [];
  if (missing.length === 0) {
    const tools = toolsOf(host, definition, installed, installed);
    const { version } = tools.qemu;
    const isNew = compareQemuVersions(version, oldestQemu) >= 0;
    if (qemu === undefined ? isNew : isOfVersion(version, qemu)) return tools;
    rejected.push(
      qemu === undefined
        ? `the system's QEMU ${version} is older than ${oldestQemu}`
        : `the system's QEMU is ${version}`,
    );
  } else {
    rejected.push(`the system has no ${missing.join(', no ')}`);
  }
  return await unpackedTools(host, definition, options, { installed, rejected });
}

interface Rejection {
  readonly installed: Programs;
  readonly rejected: string[];
}

async function unpackedTools(
  host: ProgramsHost,
  definition: MachineDefinition,
  options: ToolsOptions,
  { installed, rejected }: Rejection,
): Promise<Tools> {
  const { qemu } = options;
  const packages = [...definition.packages, ...commonPackages];
  const [suites] = offeredSuites;
  const programs =
    qemu === undefined
      ? await obtainPrograms(host, { ...options, packages, suites })
      : await programsOfVersion(host, definition, { ...options, packages, qemu }, rejected);
  return toolsOf(host, definition, programs, installed, rejected);
}

interface PresentPrograms {
  readonly programs: Programs;
  /** QEMU's own. */
  readonly version: string;
  /** Of those from the same suites: what is taken where no version is named. */
  readonly isNewest: boolean;
}

/** What is unpacked here already, older versions too: the newest first. */
export function presentPrograms(
  host: Pick<ProgramsHost, 'files' | 'system'>,
  { packages }: Pick<MachineDefinition, 'packages'>,
): readonly PresentPrograms[] {
  const [emulatorPackage] = packages;
  return offeredSuites.flatMap((suites) =>
    findAllPrograms(host, { packages: [...packages, ...commonPackages], suites }).map((programs, index) => ({
      programs,
      version: upstreamVersion(programs.versions.get(emulatorPackage) ?? ''),
      isNewest: index === 0,
    })),
  );
}

function savedTools(
  host: ProgramsHost,
  definition: MachineDefinition,
  installed: Programs,
  { qemu, savedBy }: ToolsOptions,
): Tools | undefined {
  if (savedBy === undefined || qemu === 'system') return undefined;
  return presentPrograms(host, definition)
    .filter(
      ({ version }) => version === savedBy.version && (qemu === undefined || isOfVersion(version, qemu)),
    )
    .map(({ programs }) => toolsOf(host, definition, programs, installed, ['its state was saved by it']))
    .find((tools) => tools.qemu.sha256 === savedBy.sha256);
}

/** @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND, and what `obtainPrograms` throws */
async function programsOfVersion(
  host: ProgramsHost,
  definition: MachineDefinition,
  { qemu, ...options }: ProgramsOptions & { readonly qemu: string },
  rejected: string[],
): Promise<Programs> {
  const present = presentPrograms(host, definition);
  const here = present.find(({ version }) => isOfVersion(version, qemu));
  if (here !== undefined) return here.programs;
  if (options.noFetch === true)
    rejected.push(...present.map(({ version }) => `QEMU ${version} is here`), 'nothing is to be fetched');
  else
    for (const suites of offeredSuites) {
      const offered = await offeredVersion(host, definition.packages[0], { ...options, suites });
      const version = upstreamVersion(offered);
      // What is here is of another version.
      if (isOfVersion(version, qemu))
        return await obtainPrograms(host, { ...options, suites, isRenewed: true });
      rejected.push(`${suites.at(-1) ?? ''} has ${version}`);
    }
  throw new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    `QEMU ${qemu} is not to be had: ${rejected.join(', ')}`,
    {
      hint: 'take one of these versions, or name a program of yours: --qemu PATH',
      details: { wanted: qemu, rejected },
    },
  );
}

/** @param rejected why unpacked programs are taken and not the system's, for people */
function toolsOf(
  host: ProgramsHost,
  definition: MachineDefinition,
  programs: Programs,
  installed: Programs,
  rejected: readonly string[] = [],
): Tools {
  const words = [...programs.command(definition.emulator), ...dataDirectories(host, programs)];
  const file = programs.programFile(definition.emulator) ?? words[0] ?? '';
  const qemu = qemuOf(host, words, file, programs.environment);
  return {
    qemu,
    firmware: firmwareOf(programs, definition),
    origin: describePrograms(programs, qemu.version, rejected),
    programs,
    command: (name) => commandOf(name, programs, installed),
    environment: programs.environment,
  };
}

function commandOf(name: string, programs: Programs, installed: Programs): readonly string[] {
  return (programs.programFile(name) === undefined ? installed : programs).command(name);
}

/** A QEMU of the user's: firmware and the other programs are the system's, or Debian's where it has none. */
async function givenTools(
  host: ProgramsHost,
  definition: MachineDefinition,
  installed: Programs,
  path: string,
  options: ToolsOptions,
): Promise<Tools> {
  const missing = missingIn(installed, definition, options.needs).filter(
    (one) => one !== definition.emulator,
  );
  const programs =
    missing.length === 0
      ? installed
      : await obtainPrograms(host, { ...options, packages: [...definition.packages, ...commonPackages] });
  const qemu = qemuOf(host, [path, ...dataDirectories(host, programs)], path, {});
  return {
    qemu,
    firmware: firmwareOf(programs, definition),
    origin: `QEMU ${qemu.version}, ${path}`,
    programs,
    command: (name) => commandOf(name, programs, installed),
    environment: programs.environment,
  };
}

/** `10.0` is the beginning of 10.0.13, and not of 10.01. */
export function isOfVersion(version: string, wanted: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`);
}

function notInstalled(definition: MachineDefinition, missing: readonly string[]): AnyarchError {
  const packages = [...definition.packages, ...commonPackages];
  return new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    `this system has no ${missing.join(', no ')}, which machines of ${definition.name} need`,
    {
      hint: `apt-get install ${packages.join(' ')}; or leave --qemu system out, and anyarch fetches them without installing anything`,
      details: { missing, packages },
    },
  );
}
