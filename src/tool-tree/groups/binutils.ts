import type { PackageFile, Tool } from '../tool.ts';

// Why each word is here: docs/tool-adaptations.md.

interface LinkerPlugin {
  /** What the guest's package `gcc` stands for: the link that binutils find the plugin by is in that package. */
  readonly gcc: string;
  readonly guest: string;
  /** The native one, which knows nothing of processors. */
  readonly host: PackageFile;
}

/**
 * The guest's plugin must be the one that the native one replaces. Debian 12 has a cross compiler of an older version only,
 * so there it is the host's own compiler's.
 */
const linkerPlugins: readonly LinkerPlugin[] = [
  {
    gcc: '12',
    guest: '/usr/lib/gcc/{triplet}/12/liblto_plugin.so',
    host: { package: 'gcc-12', path: 'usr/lib/gcc/{hosttriplet}/12/liblto_plugin.so' },
  },
  {
    gcc: '14',
    guest: '/usr/libexec/gcc/{triplet}/14/liblto_plugin.so',
    host: { package: 'gcc-14-{triplet}', path: 'usr/libexec/gcc-cross/{triplet}/14/liblto_plugin.so' },
  },
];

/** Other compilers' plugins are found there by themselves; the guest's are foreign. */
const otherPlugins: readonly string[] = [
  '/usr/lib/bfd-plugins/LLVMgold.so',
  ...['11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21'].map(
    (version) => `/usr/lib/bfd-plugins/LLVMgold-${version}.so`,
  ),
];

/** A native libbfd of s390x knows core files of its own, too (`trad-core`), which lists of targets name. */
const listsTargets: NonNullable<Tool['bailOn']> = { s390x: ['--h', '-H', '-h', '-i', '--i'] };

/** The plugin reads the symbols of objects for link-time optimisation as they are in memory, so in the byte order of its own machine. */
const pluginNotOn: NonNullable<Tool['notOn']> = {
  s390x: 'the linker’s plugin reads objects for link-time optimisation in the byte order of its own machine',
};

const pluginBails: readonly string[] = ['@', '--plugin', '--target-plugin'];

/** For one target each; both sides’ packages are built from one source. */
export const binutils: readonly Tool[] = [
  {
    ...binary('as'),
    reason: 'writes objects from text; both print the same help, version, targets',
  },
  ...linkerPlugins.flatMap(binutilsWithPlugin),
  ...['readelf', 'size', 'strings', 'addr2line', 'c++filt', 'elfedit'].map((name) => ({
    ...binary(name),
    reason: 'prints what is in a file; the same targets',
    rules: { bail: pluginBails, unless: otherPlugins },
    bailOn: listsTargets,
  })),
];

function binutilsWithPlugin(plugin: LinkerPlugin): readonly Omit<Tool, 'selfTest'>[] {
  return [
    {
      ...binary('ld', 'ld.bfd'),
      ...withPlugin(plugin),
      reason: 'the same built-in scripts and directories; needs the linker’s plugin of the same compiler',
      rules: {
        bail: [
          '@',
          '--sysroot',
          '--plugin',
          '-plugin=',
          '/usr/lib/llvm',
          '--verb',
          '-verb',
          '--dll-verb',
          '-dll-verb',
        ],
        // Native linkers of 64-bit targets search these, too; Debian has none of them.
        unless: ['/usr/lib/{triplet}64', '/usr/{triplet}/lib6464'],
        bailenv: ['LD_RUN_PATH', 'LDEMULATION'],
        map: [{ from: plugin.guest, to: '{set}/liblto_plugin.so' }],
      },
      bailOn: { s390x: ['-plugin', '--h', '-help', '-V'] },
    },
    ...['ar', 'nm', 'ranlib'].map((name) => ({ ...loadingPlugin(name, plugin), notOn: pluginNotOn })),
    ...['strip', 'objcopy', 'objdump'].map((name) => loadingPlugin(name, plugin)),
  ];
}

function loadingPlugin(name: string, plugin: LinkerPlugin): Omit<Tool, 'selfTest'> {
  return {
    ...binary(name),
    ...withPlugin(plugin),
    reason: 'the same targets; loads the linker’s plugin by itself, the native one',
    rules: { bail: pluginBails, unless: otherPlugins },
    bailOn: listsTargets,
  };
}

function withPlugin({
  gcc,
  guest,
  host,
}: LinkerPlugin): Pick<Tool, 'besideGcc' | 'dlopens' | 'guestDlopens'> {
  // The second is how they find it by themselves: without that link they have none.
  return {
    besideGcc: gcc,
    dlopens: [host],
    guestDlopens: [guest, '/usr/lib/bfd-plugins/liblto_plugin.so'],
  };
}

function binary(name: string, file = name): Omit<Tool, 'reason'> {
  return {
    group: 'c',
    name,
    guest: { package: 'binutils-{triplet}', path: `usr/bin/{triplet}-${file}` },
    perArchitecture: true,
    listed: 'allow',
  };
}
