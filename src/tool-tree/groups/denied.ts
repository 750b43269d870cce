import type { Denied } from '../tool.ts';

const namesMachine = 'tells what machine it runs on: native, it would tell the host';
const longDouble =
  'computes with long double, which has 64 bits of precision on x86 and 113, 106 or 53 elsewhere';
const guestCode = 'loads modules of the guest’s architecture into its own process';
const compiledIn = 'has the architecture compiled in';
const privileged = 'is set-user-ID: what it may do comes from its own file';

/** Programs that are never replaced, although a native build of them exists. */
export const denied: readonly Denied[] = [
  ...['uname', 'arch', 'lscpu', 'nproc', 'getconf', 'hostnamectl'].map((name) => ({
    name,
    reason: namesMachine,
  })),
  {
    name: 'printf',
    reason: `${longDouble}: \`printf %.3f 1.0005\` is 1.001 on x86 and 1.000 on arm64. The shell’s own printf is another one`,
  },
  {
    name: 'seq',
    reason: `${longDouble}: \`seq -f %.20g 0 0.1 1\`, and \`seq 1e15 0.1 1000000000000001\` on armhf`,
  },
  { name: 'numfmt', reason: longDouble },
  {
    name: 'od',
    reason: 'shows words in the byte order and the width of long and long double of its own machine',
  },
  { name: 'hexdump', reason: 'shows words in the byte order of its own machine' },
  { name: 'du', reason: `${longDouble} where units do not divide each other (\`--block-size=kB\`)` },
  {
    name: 'df',
    reason: `${longDouble} where units do not divide each other, and shows the mounts of the tree`,
  },
  {
    name: 'bash',
    reason:
      `${longDouble}: its \`printf %.3f 1.0005\` is 1.001 on x86 and 1.000 on arm64; $MACHTYPE, $HOSTTYPE and BASH_VERSINFO name the machine. ` +
      'A script cannot be asked beforehand whether it needs them',
  },
  {
    name: 'make',
    reason:
      'MAKE_HOST, `--version` and `-p` name the machine that it was built for; makefiles do read MAKE_HOST. It loads plugins, too',
  },
  {
    name: 'mawk',
    reason:
      'the sign of NaN (`log(-1)`) and the conversion of numbers that are out of range (`%u` or `%x` of -1, `%c` of 256) are the processor’s',
  },
  {
    name: 'gawk',
    reason:
      'the sign of NaN and the conversion of numbers that are out of range are the processor’s; it loads extensions',
  },
  { name: 'bc', reason: 'not worth it; what it prints would be the same' },
  {
    name: 'perl',
    reason: `${guestCode} (XS); @INC and $Config name the architecture; pack('D') and the sign of NaN are the processor’s`,
  },
  ...['python3', 'ruby', 'node', 'npm', 'php', 'lua', 'guile'].map((name) => ({ name, reason: guestCode })),
  ...['apt', 'apt-get', 'dpkg-architecture', 'rpm'].map((name) => ({
    name,
    reason: compiledIn,
  })),
  {
    name: 'go',
    reason: 'GOARCH and GOHOSTARCH are those of the program: the host’s; its compilers are replaced',
  },
  ...['cargo', 'rustc', 'ghc', 'ocamlopt', 'java', 'javac'].map((name) => ({
    name,
    reason: `${compiledIn}, or it runs code that it makes`,
  })),
  { name: 'ldconfig', reason: 'writes a cache of the libraries of its own architecture' },
  { name: 'ldd', reason: 'starts the loader of its own architecture' },
  { name: 'localedef', reason: 'writes in the byte order of its own machine' },
  { name: 'msgfmt', reason: 'writes in the byte order of its own machine' },
  { name: 'iconv', reason: 'loads converters of the guest’s architecture' },
  { name: 'cpio', reason: 'its binary formats are in the byte order of its own machine' },
  ...['gdb', 'strace', 'ltrace', 'perf', 'valgrind'].map((name) => ({
    name,
    reason: 'looks into programs of its own architecture',
  })),
  ...['su', 'sudo', 'mount', 'umount', 'passwd', 'newgrp', 'chsh', 'chfn', 'gpasswd'].map((name) => ({
    name,
    reason: privileged,
  })),
  { name: 'stdbuf', reason: 'sets LD_PRELOAD to a library of its own architecture' },
  { name: 'fakeroot', reason: 'sets LD_PRELOAD to a library of the guest’s: all that it starts is emulated' },
  ...['who', 'users', 'pinky', 'last'].map((name) => ({
    name,
    reason: 'reads records whose layout is that of its own architecture',
  })),
  { name: 'hostid', reason: namesMachine },
  ...['chcon', 'runcon'].map((name) => ({ name, reason: 'asks for labels of the file that is executed' })),
  { name: 'systemd', reason: 'manages processes, which it would take for native ones' },
  {
    name: '-march=native',
    reason: 'asks for the processor that compiles: the compilers are emulated then',
  },
];
