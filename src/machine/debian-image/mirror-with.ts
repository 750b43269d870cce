import { AnyarchError } from '../../core/error.ts';
import { openArchive, type ArchiveHost, type ArchiveOptions } from '../../debian/index.ts';
import type { MachineDefinition } from '../definition/definition.ts';

export interface WantedSuite {
  readonly suite: string;
  /** Debian's name of the architecture. */
  readonly architecture: string;
  readonly definition: Pick<MachineDefinition, 'kernel' | 'name'>;
}

/**
 * The mirror, once it is certain that it has the suite for the architecture: apt says less, and later.
 *
 * @throws AnyarchError ANYARCH_PACKAGE_NOT_FOUND when it has not, ANYARCH_RELEASE_EXPIRED, and what else `openArchive` throws
 */
export async function mirrorWith(
  host: ArchiveHost,
  { suite, architecture, definition }: WantedSuite,
  options: Pick<ArchiveOptions, 'allowExpired' | 'keyrings' | 'mirror' | 'signal'>,
): Promise<string> {
  const { allowExpired, keyrings, mirror, signal } = options;
  const archive = await openArchive(host, { allowExpired, keyrings, mirror, signal });
  try {
    const { validUntilMs } = await archive.release(suite);
    if ((await archive.findIndex(suite, architecture)) === undefined)
      throw withoutArchitecture(archive.mirror, { suite, architecture, definition });
    if (validUntilMs !== undefined && validUntilMs < host.clock.now())
      host.log.warn(
        `the list of packages of ${suite} has expired on ${new Date(validUntilMs).toUTCString()}, and is taken: packages may be old`,
      );
    return archive.mirror;
  } finally {
    await archive.close();
  }
}

function withoutArchitecture(mirror: string, { suite, architecture, definition }: WantedSuite): AnyarchError {
  const { kernel, name } = definition;
  const usual = `--image debian takes ${kernel.suite}`;
  const why = kernel.whySuite === undefined ? usual : `${usual}: ${kernel.whySuite}`;
  return new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `${mirror} has no packages of Debian ${suite} for ${architecture}`,
    {
      hint: suite === kernel.suite ? 'name another mirror: --mirror URL' : why,
      details: { suite, architecture, machine: name },
    },
  );
}
