import { scriptTargets } from '../../core/templates/script-target.ts';

const options: readonly (readonly [string, string])[] = [
  [
    '--reset',
    "first remove all entries like those of QEMU images; with -v /:/host:ro never a distribution's",
  ],
  ['-p, --persistent yes|no', 'flag F: containers need no QEMU of their own'],
  ['-c, --credential yes|no', 'flags O and C: setuid programs (sudo, su) gain their rights'],
  ['-g, --preserve-argv0 yes|no', 'flag P: programs see the name that they were called by'],
  ['-Q, --qemu-path PATH', 'directory of the interpreters (QEMU_BIN_DIR, or /usr/bin)'],
  ['-F, --qemu-suffix SUFFIX', 'end of their names (-static)'],
  ['-i, --ignore-family yes|no', "also what is of this machine's family, unless it runs natively"],
  ['-s, --systemd CPU|ALL', 'register nothing, write files for systemd-binfmt'],
  ['-d, --debian', 'register nothing, write templates for update-binfmts'],
  ['-e, --exportdir PATH', 'where to (/etc/binfmt.d, or /usr/share/binfmts)'],
  ['-h, --help', 'this text'],
];

/** Answer to `--help`. */
export function usageText(): string {
  const width = Math.max(...options.map(([option]) => option.length));
  return [
    'Usage: docker run --rm --privileged anyarch [--reset] [OPTIONS]',
    '',
    'Registers QEMU for every architecture but those of this machine, and proves it by running foreign programs.',
    'The options are those of multiarch/qemu-user-static and of its qemu-binfmt-conf.sh:',
    '',
    ...options.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`),
    '',
    'Environment: QEMU_BIN_DIR, QEMU_PATH, PROC_PREFIX (where /proc is mounted), HOST_ARCH, EXPORTDIR',
    `CPUs: ${scriptTargets.map(({ name }) => name).join(' ')}`,
    '',
  ].join('\n');
}
