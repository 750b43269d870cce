import type { Architecture } from '../core/architecture.ts';
import { architectureOfElf } from '../core/elf-architecture.ts';
import { readElf } from '../core/elf.ts';
import { AnyarchError } from '../core/error.ts';
import type { Files } from '../host/files.ts';
import { followInside } from '../host/follow-inside.ts';
import { ignoring } from '../host/system-error.ts';

/** Programs that nearly every root file system has one of. */
const samples = [
  'bin/busybox',
  'usr/bin/env',
  'bin/sh',
  'usr/bin/dash',
  'usr/bin/bash',
  'bin/bash',
  'bin/true',
  'sbin/init',
];

/**
 * What a root file system was compiled for, by the ELF headers of a few of its programs.
 *
 * @throws AnyarchError ANYARCH_USAGE when none of them tells
 */
export function detectArchitecture(files: Files, root: string): Architecture {
  for (const sample of samples) {
    // Links of a foreign root lead to its own files, not to the host's.
    const path = followInside(files, root, `/${sample}`);
    const architecture = path === undefined ? undefined : architectureOfFile(files, path);
    if (architecture !== undefined) return architecture;
  }
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `the architecture of ${root} cannot be told: none of ${samples.join(', ')} is an ELF program`,
    {
      hint: 'name it with -a ARCH',
    },
  );
}

/** Undefined for a file that is no ELF program, and for an ELF program that no emulator of QEMU runs. */
export function architectureOfFile(files: Files, path: string): Architecture | undefined {
  const status = ignoring(['EACCES', 'ELOOP'], () => files.status(path));
  if (status?.kind !== 'file') return undefined;
  try {
    return architectureOfElf(
      readElf({ size: status.size, read: (offset, length) => files.readAt(path, offset, length) }),
    );
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_ELF_INVALID') return undefined;
    throw error;
  }
}
