import type { RecipeConditions } from '../../core/recipe/recipe.ts';
import { cLines } from '../self-test/lines/c.ts';
import type { Tool } from '../tool.ts';
import { binutils } from './binutils.ts';

// Why each word is here: docs/tool-adaptations.md.

/** The guest's compiler runs plug-ins that are the guest's, and sees another root: the native one does neither. */
const compilerBails: readonly string[] = [
  '@',
  '-fplugin',
  '-iplugindir',
  '-isysroot',
  '--sysroot',
  '-iprefix',
  // Offloading: Debian's native compilers are built with it, the cross compilers are not.
  '-fopenmp',
  '-fopenacc',
  '-fself-test',
  // Other character sets are modules of libc, which the set has none of.
  '-finput-charset',
  '-fexec-charset',
  '-fwide-exec-charset',
  // Asks this machine; more may stand behind: `-march=native+sve`.
  '-march=native',
  '-mcpu=native',
  '-mtune=native',
  // A compiled module names the machine that its compiler was built for.
  '-fmodule',
];

/** Precompiled headers belong to the compiler that wrote them: the guest's. Made, asked about, or used by name. */
const precompiled: RecipeConditions = {
  bail: ['--output-pch', '-Winvalid-pch', '-fpch'],
  sibling: [{ option: '-include', suffix: '.gch' }],
};

/**
 * Debian's native drivers hand `-foffload-options=-l_GCC_m` on where these are linked, g++ always; with LTO that is read in DWARF and
 * in `.GCC.command.line`. Cross drivers do not.
 */
const offloadedLibraries: readonly string[] = ['-lm', '-lgfortran', '-l'];

/**
 * What shows in which order the compiler evaluates the arguments of its own functions: GCC on x86 from the last to the
 * first, everywhere else from the first to the last. `-fsanitize=bounds` so numbers descriptions of types in objects;
 * dumps have numbers of alias sets, and addresses. The last two make several texts in the arguments of one call.
 */
const orderBails: readonly string[] = [
  '-fsanitize',
  '-fdump-',
  '-da',
  '-dP',
  '-dH',
  '-dx',
  '-fvtable-verify',
  '-fcontracts',
];

/** The versions name the checksum of the program; libc++'s directory is not in the table. */
const compilerBailArguments: readonly string[] = ['-v', '-version', '--version', '-stdlib=libc++'];

/** Where a moved compiler finds itself. */
const compilerVariables: readonly string[] = ['GCC_EXEC_PREFIX', 'GCC_ROOT', 'BINUTILS_ROOT', 'G++_ROOT'];

const offloadCompilers = '/usr/libexec/gcc/{triplet}/{gcc}/accel';
const directory = 'usr/libexec/gcc/{triplet}/{gcc}';
const crossDirectory = 'usr/libexec/gcc-cross/{triplet}/{gcc}';

/**
 * Objects for link-time optimisation and notes for coverage (.gcno) are in the byte order of the machine that compiles: on guests of
 * the other one these are not written natively, and not read.
 */
const byteOrder: Pick<Tool, 'bailOn'> = {
  bailOn: {
    s390x: [
      '-flto',
      '-ftest-coverage',
      '--coverage',
      '-coverage',
      '-fprofile',
      '-fbranch-p',
      '-fauto-profile',
    ],
  },
};
const ofByteOrder = 'objects for link-time optimisation are in the byte order of the machine that compiles';

/** Calls in GCC's code for this processor make several registers in the arguments of one call. */
const notOnPower = {
  ppc64el:
    'the cross compiler numbers its temporaries differently (it was compiled for another machine), and its specs differ: its output may, too',
} as const;

const compilers: readonly Tool[] = [
  compiler('cc1', 'cpp-{gcc}-{triplet}', []),
  compiler('cc1plus', 'g++-{gcc}-{triplet}', ['/usr/include/c++/{gcc}/{triplet}']),
  {
    ...program('lto1', 'gcc-{gcc}-{triplet}'),
    notOn: { ...notOnPower, s390x: ofByteOrder },
    reason: 'compiles what objects hold; reads no header and has no directory compiled in',
    rules: {
      bail: [...compilerBails, ...orderBails],
      bailarg: compilerBailArguments,
      bailenv: compilerVariables,
    },
  },
  {
    ...program('lto-wrapper', 'gcc-{gcc}-{triplet}'),
    notOn: { ...notOnPower, s390x: ofByteOrder },
    reason:
      'starts the compiler that the driver named, which is emulated where it must be; offloading only where its compilers are there',
    rules: { bailenv: compilerVariables, unless: [offloadCompilers] },
  },
  {
    ...program('collect2', 'gcc-{gcc}-{triplet}'),
    host: { package: 'gcc-{gcc}-{hosttriplet}', path: 'usr/libexec/gcc/{hosttriplet}/{gcc}/collect2' },
    sameVersion: 'source',
    reason:
      'starts the linker and knows nothing of processors: the host’s own, as a cross compiler’s looks for TRIPLET-ld',
  },
  {
    ...program('collect2-12', 'gcc-12'),
    besideGcc: '12',
    guest: { package: 'gcc-12', path: 'usr/lib/gcc/{triplet}/12/collect2' },
    host: { package: 'gcc-12', path: 'usr/lib/gcc/{hosttriplet}/12/collect2' },
    sameVersion: 'source',
    reason: 'the same of Debian 12, which has no other program of its compiler for other hosts',
  },
];

const drivers: readonly Tool[] = [
  driver('gcc', 'gcc-{gcc}-{triplet}', {}),
  // It links with libm always: emulated but where nothing is linked. What is for other programs is no option of its own.
  driver('g++', 'g++-{gcc}-{triplet}', { anyarg: ['-c', '-S', '-E'], bail: ['-X'] }),
  driver('cpp', 'cpp-{gcc}-{triplet}', {}),
];

/**
 * The C and C++ toolchain of Debian: GCC's cross compiler of the same version, rewritten to be a native one. Its driver
 * starts the guest's programs, each of which is replaced for itself.
 *
 * gcc-ar, gcc-nm and gcc-ranlib stay emulated: they only start ar, nm and ranlib. bookworm's compilers have no cross
 * compilers of the same version (12.2.0-14+deb12u1 changed generated code, the cross compilers are 12.2.0-14).
 */
export const c: readonly Tool[] = [...compilers, ...drivers, ...binutils].map((tool) => ({
  ...tool,
  selfTest: cLines[tool.name.replace(/-\d+$/, '')] ?? [],
}));

function program(name: string, packageName: string): Omit<Tool, 'reason'> {
  return {
    group: 'c',
    name,
    guest: { package: packageName, path: `${directory}/${name}` },
    host: { package: packageName, path: `${crossDirectory}/${name}` },
    perArchitecture: true,
    sameVersion: 'cross',
    listed: 'care',
  };
}

function compiler(name: string, packageName: string, unless: readonly string[]): Tool {
  return {
    ...program(name, packageName),
    ...byteOrder,
    notOn: notOnPower,
    adapt: 'cc1',
    reason: 'the same compiler for the same target; its include directories become the guest’s',
    rules: {
      ...precompiled,
      bail: [...compilerBails, ...orderBails, ...(precompiled.bail ?? [])],
      bailarg: compilerBailArguments,
      bailenv: compilerVariables,
      unless,
    },
  };
}

function driver(name: string, packageName: string, further: RecipeConditions): Tool {
  return {
    ...program(name, packageName),
    notOn: notOnPower,
    guest: { package: packageName, path: `usr/bin/{triplet}-${name}-{gcc}` },
    host: { package: packageName, path: `usr/bin/{triplet}-${name}-{gcc}` },
    adapt: 'driver',
    reason: 'the same options and specs; its specs and directories become the guest’s',
    rules: {
      ...further,
      bail: [
        ...compilerBails,
        '-foffload',
        '-specs',
        '--specs',
        '-no-canonical-prefixes',
        '--lib',
        ...(further.bail ?? []),
      ],
      bailarg: [
        ...compilerBailArguments.filter((word) => word !== '--version'),
        '-###',
        '--verbose',
        ...offloadedLibraries,
      ],
      bailenv: compilerVariables,
      unless: [offloadCompilers],
    },
  };
}
