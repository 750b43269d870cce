import { readFile } from 'node:fs/promises';
import { lookUpArchitecture } from '../core/architecture.ts';
import { bytesSource } from '../core/byte-source.ts';
import { architectureOfElf } from '../core/elf-architecture.ts';
import { readElf } from '../core/elf.ts';
import { AnyarchError } from '../core/error.ts';
import type { CatalogueItem } from './catalogue.ts';
import { parseVersion } from './judge.ts';

/**
 * What an emulator that was just unpacked is, read off its bytes: it need not run on this machine, and the text that
 * `--version` prints is in it as a whole.
 *
 * @param hostArchitecture Debian's name of the architecture that the package is for
 * @throws AnyarchError ANYARCH_EMULATOR_UNUSABLE
 */
export async function inspectEmulator(
  path: string,
  target: string,
  hostArchitecture: string,
): Promise<Pick<CatalogueItem, 'version' | 'linkage' | 'buildId'>> {
  const content = await readFile(path);
  const elf = readElf(bytesSource(content));
  const program = architectureOfElf(elf);
  if (program === undefined || lookUpArchitecture(hostArchitecture) !== program) {
    throw unusable(
      target,
      `it is a program for ${program?.name ?? 'an unknown machine'} instead of ${hostArchitecture}`,
    );
  }
  if (elf.linkage !== 'static' && elf.linkage !== 'static-pie')
    throw unusable(target, `it is no static program (${elf.linkage})`);
  const at = content.indexOf(`qemu-${target} version `);
  const answer = at === -1 ? undefined : parseVersion(content.toString('latin1', at, at + 200));
  if (answer === undefined) throw unusable(target, 'it does not contain its version');
  return { version: answer.version, linkage: elf.linkage, buildId: elf.buildId };
}

function unusable(target: string, what: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_EMULATOR_UNUSABLE',
    `the package's emulator for ${target} cannot be used: ${what}`,
    {
      hint: 'try another suite with --suite SUITE',
    },
  );
}
