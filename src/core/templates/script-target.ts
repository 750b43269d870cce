import { findArchitecture, lookUpArchitecture, type Architecture } from '../architecture.ts';
import type { TemplateTarget } from './template.ts';

/** A target of QEMU's scripts/qemu-binfmt-conf.sh (10.0), with the pattern that the script gives it. */
export interface ScriptTarget extends TemplateTarget {
  /** Of the architecture whose emulator runs its programs: i386 for i486. */
  readonly architecture: Architecture;
}

/** Where they stand (elf.h): e_ident's byte order, version and OS ABI, and e_machine. */
const byteOrder = 5;
const version = 6;
const osAbi = 7;
const machine = 18;

/** EM_486, which Linux takes for i386, too. */
const i486 = 6;

/** In the script's order, which is the order of what it prints. */
const names = [
  'i386 i486 alpha arm armeb sparc sparc32plus sparc64 ppc ppc64 ppc64le m68k mips mipsel mipsn32 mipsn32el mips64',
  'mips64el sh4 sh4eb s390x aarch64 aarch64_be hppa riscv32 riscv64 xtensa xtensaeb microblaze microblazeel or1k',
  'x86_64 hexagon loongarch64',
].flatMap((line) => line.split(' '));

/** What they are is found out when it is asked for: only one of the command lines in the image does. */
export const scriptTargets: readonly ScriptTarget[] = names.map((name) => ({
  name,
  get architecture() {
    return findArchitecture(name === 'i486' ? 'i386' : name);
  },
  get magic() {
    return scriptMagic(this);
  },
  get mask() {
    return scriptMask(this);
  },
}));

function scriptMagic({ name, architecture }: Pick<ScriptTarget, 'name' | 'architecture'>): Uint8Array {
  const magic = architecture.magic.slice();
  if (name === 'i486') magic[machine] = i486;
  return magic;
}

/**
 * The script takes any OS ABI, where Debian's rules (core/architecture-table.ts) mostly take those of Linux, and does not
 * compare some of the lowest bits of byte order and version. Its microblaze pattern has e_type in the wrong byte order
 * and so matches no program: here it is Debian's, which does.
 */
function scriptMask({ name, architecture }: Pick<ScriptTarget, 'name' | 'architecture'>): Uint8Array {
  const mask = architecture.mask.slice();
  if (name !== 'loongarch64') mask[osAbi] = 0;
  if (name === 'm68k' || name === 'alpha') mask[version] = 0xfe;
  if (name === 'alpha') mask[byteOrder] = 0xfe;
  return mask;
}

/**
 * Those that the script sets up on a machine: not its own family, or with `ignoreFamily` only not its own architecture.
 * Undefined for an unknown machine.
 *
 * @param machineName what `uname -m` prints, or another name of an architecture
 */
export function scriptTargetsFor(
  machineName: string,
  ignoreFamily: boolean,
): readonly ScriptTarget[] | undefined {
  const host = lookUpArchitecture(machineName) ?? armOf(machineName);
  if (host === undefined) return undefined;
  return scriptTargets.filter(({ architecture }) =>
    ignoreFamily ? architecture !== host : architecture.family !== host.family,
  );
}

/** The script's pattern for 32-bit arm, all the generations of which `uname -m` tells apart. */
function armOf(machineName: string): Architecture | undefined {
  const [, order] = /^armv[4-9].*([lb])$/.exec(machineName) ?? [];
  return order === undefined ? undefined : findArchitecture(order === 'l' ? 'arm' : 'armeb');
}
