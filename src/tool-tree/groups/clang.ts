import { clangLines } from '../self-test/lines/clang.ts';
import type { Tool } from '../tool.ts';

/**
 * Clang compiles for any processor in one program. What it takes from the machine that it was built for is the target that it has
 * by default; what it takes from where it lies are its own headers, the directories in which it looks for GCC, libraries and
 * programs, and files of options. So it is given the target, and the guest's path as argv[0] together with
 * `-no-canonical-prefixes`, which has it believe argv[0]. Its messages begin with its name and it starts itself by this path, so only names are taken
 * that are there, below `bin`: not cc, c++ or clang++-19, and none with a target (`s390x-linux-gnu-clang`), which would come before the one
 * that is put in.
 */
const bin = '/usr/lib/llvm-{llvm}/bin';

/** What is said of itself, asked of this machine, loaded into the process, or written for the same program to read again. */
const inBoth: readonly string[] = [
  '@',
  '-V',
  '-help',
  '--help',
  '-print',
  '--print',
  '-load',
  '-fplugin',
  '-fpass-plugin',
  '-plugin',
  '-mllvm',
  '-fmodule',
  '-fcxx-modules',
  '-fprebuilt',
  '-emit-ast',
  '-emit-pch',
  '-emit-module',
  '-emit-header',
  '-include-pch',
  '-fpch',
  '-ftime-',
  '-fproc-stat',
  '-stats',
  '-fembed-bitcode',
  '-gmodules',
  '-frecord',
  '-record',
  '-analyze',
  '-serialize-diagnostic',
  '--serialize-diagnostic',
  '-objcmt',
];

const ofDriver: readonly string[] = [
  '-###',
  '-cc1',
  '-canonical-prefixes',
  '-no-canonical-prefixes',
  '--config',
  '--driver-mode',
  '--no-default-config',
  '-dump',
  '--target',
  '-target',
  '--gcc-',
  '-gcc-toolchain',
  '--sysroot',
  '-isysroot',
  '-resource-dir',
  '--rtlib-add-rpath',
  '-B',
  '-march=native',
  '-mcpu=native',
  '-mtune=native',
  '-Xclang',
  '--precompile',
  '-fcrash-diagnostics',
  '-gen-',
  '-save-stats',
  '--offload',
  '--cuda',
  '--hip',
  '-fopenmp-targets',
  '-grecord',
  '-stdlib',
  '--analyze',
];

const ofCompiler: readonly string[] = [
  '-ast-',
  '-code-completion',
  '-dwarf-debug-flags',
  '-init-only',
  '-rewrite',
  '-version',
];

/** Headers as input become compiled headers, whose bytes differ; `-include x.h` looks the same. */
const headers: readonly string[] = ['-header', '.h', '.H', '.pch', '.gch', '.pcm'];

const variables: readonly string[] = [
  'CCC_OVERRIDE_OPTIONS',
  'CCC_ADD_ARGS',
  'QA_OVERRIDE_GCC3_OPTIONS',
  'CC_PRINT_OPTIONS',
  'CC_PRINT_HEADERS',
  'CC_PRINT_PROC_STAT',
  'CC_PRINT_INTERNAL_STAT',
  'CC_LOG_DIAGNOSTICS',
  'COMPILER_PATH',
  'CLANG_CRASH_DIAGNOSTICS_DIR',
  'CLANG_SPAWN_CC1',
  'CLANG_FORCE_COLOR_DIAGNOSTICS',
  'CLANG_NO_DEFAULT_CONFIG',
  'FORCE_CLANG_DIAGNOSTICS_CRASH',
  // Linkers get it from a compiler that compiles for its own machine only.
  'LIBRARY_PATH',
  'LLVM_DISABLE_CRASH_REPORT',
  'RC_DEBUG_OPTIONS',
];

const configurations: readonly string[] = [
  'clang',
  'clang++',
  'clang-g++',
  'cc',
  'c++',
  'c89',
  'c99',
].flatMap((name) => [
  `/usr/lib/llvm-{llvm}/bin/${name}.cfg`,
  `/usr/lib/llvm-{llvm}/bin/{clangtarget}-${name}.cfg`,
]);

const untried = 'compared for arm64 only';

const common = {
  group: 'clang',
  guest: { package: 'clang-{llvm}', path: 'usr/lib/llvm-{llvm}/bin/clang' },
  perArchitecture: true,
  // It is in objects (.ident), with the number of the rebuild.
  sameVersion: 'exact',
  notOn: {
    ...{ amd64: untried, i386: untried, armhf: untried, armel: untried },
    ...{ ppc64el: untried, riscv64: untried, s390x: untried, loong64: untried },
  },
  listed: 'care',
} as const;

const driver = {
  bail: [...ofDriver, ...inBoth],
  bailarg: ['-v', '--version', '--verbose'],
  // -Wp,-v tells the target that it has by default.
  contains: [...headers, ',-v'],
  sibling: [
    { option: '-include', suffix: '.pch' },
    { option: '-include', suffix: '.gch' },
  ],
  bailenv: variables,
  at: [`${bin}/clang`],
  unless: [...configurations, `${bin}/{clangtarget}.cfg`],
} as const;

const pretended = ['-no-canonical-prefixes', '--target={clangtarget}'];

export const clang: readonly Tool[] = [
  {
    ...common,
    name: 'clang',
    reason:
      'is told the guest’s target and where it would lie in the guest; of what it starts, each is replaced for itself, or not',
    rules: { ...driver, called: ['clang'], insert: pretended, arg0: `${bin}/clang` },
    selfTest: clangLines['clang'] ?? [],
  },
  {
    ...common,
    name: 'clang-versioned',
    reason: 'the same program by another name',
    rules: { ...driver, called: ['clang-{llvm}'], insert: pretended, arg0: `${bin}/clang-{llvm}` },
    selfTest: clangLines['clang-versioned'] ?? [],
  },
  {
    ...common,
    name: 'clang++',
    reason: 'the same program by another name',
    rules: {
      ...driver,
      called: ['clang++'],
      insert: [...pretended, '--driver-mode=g++'],
      arg0: `${bin}/clang++`,
    },
    selfTest: clangLines['clang++'] ?? [],
  },
  {
    ...common,
    name: 'clang-cc1',
    reason:
      'the compiler that the driver starts where it has more than one thing to do; its target and directories are arguments',
    rules: {
      called: ['clang', 'clang-{llvm}', 'clang++'],
      first: ['-cc1'],
      need: ['-triple', '-resource-dir', '-target-cpu'],
      bail: [...ofCompiler, ...inBoth],
      bailarg: ['-v'],
      contains: headers,
      bailenv: variables,
      at: [`${bin}/clang`],
    },
    selfTest: clangLines['clang-cc1'] ?? [],
  },
];
