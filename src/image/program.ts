import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lookUpArchitecture } from '../core/architecture.ts';
import { bytesSource } from '../core/byte-source.ts';
import { architectureOfElf } from '../core/elf-architecture.ts';
import { readElf } from '../core/elf.ts';
import { AnyarchError } from '../core/error.ts';
import { digestOf } from '../store/index.ts';
import type { FileContent } from './content/entry.ts';
import type { HostPlatform } from './host-platform.ts';
import { linkedLibraries, type LinkedLibrary } from './linked-libraries.ts';

/** The image's program for a platform. */
export type Program = Extract<FileContent, { kind: 'disk' }> & {
  readonly libraries: readonly LinkedLibrary[];
};

/**
 * Finds a platform's program and checks that it runs in an image that has nothing else.
 *
 * @param directory holds `linux-arm-v7/anyarch` and so on
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND, ANYARCH_ELF_INVALID
 */
export async function findProgram(directory: string, platform: HostPlatform): Promise<Program> {
  const file = join(directory, platform.fileName, 'anyarch');
  const content = await readFile(file).catch((error: unknown) => {
    throw notFound(platform, `${file} cannot be read`, error);
  });
  const elf = readElf(bytesSource(content));
  const architecture = architectureOfElf(elf);
  if (architecture === undefined || architecture !== lookUpArchitecture(platform.host))
    throw notFound(platform, `${file} is a program for ${architecture?.name ?? 'an unknown machine'}`);
  if (elf.linkage !== 'static' && elf.linkage !== 'static-pie')
    throw notFound(platform, `${file} is not static (${elf.linkage}), and the image has no libraries`);
  const libraries = await linkedLibraries(directory, platform);
  return { kind: 'disk', file, size: content.length, sha256: (await digestOf(file)) ?? '', libraries };
}

/** What the licences of the programs' libraries ask to be passed on. */
export async function linkedLicences(directory: string): Promise<string | undefined> {
  return await readFile(join(directory, 'LICENSES.txt'), 'utf8').catch(() => undefined);
}

function notFound({ name }: HostPlatform, problem: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `there is no program for ${name}: ${problem}`, {
    hint: 'build it with npm run build:entrypoint, or name the directory that has it: --program DIR',
    details: { platform: name },
    cause,
  });
}
