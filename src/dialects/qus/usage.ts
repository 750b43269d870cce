import { scriptTargets } from '../../core/templates/script-target.ts';

const own: readonly (readonly [string, string])[] = [
  ['-h, --help', 'this text'],
  ['-i, --interactive WORD…', 'a command for the shell of the image, if it has one'],
  ['-l, --list', 'list the registered interpreters'],
  ['-s, --static', 'the interpreters end in -static'],
  ['-- ARGS', 'what is to be done with which targets:'],
];

const script: readonly (readonly [string, string])[] = [
  ['-p, --persistent', 'flag F: containers need no QEMU of their own'],
  ['-c, --credential', 'flags O and C: setuid programs (sudo, su) gain their rights'],
  ['-r, --clear', "remove all entries like those of QEMU images; with -v /:/host:ro never a distribution's"],
  ['-t, --test', 'look whether it could be done, and do nothing'],
  ['-Q, --path PATH', 'directory of the interpreters (QEMU_BIN_DIR, or /usr/bin)'],
  ['-F, --suffix SUFFIX', 'end of their names'],
  ['-s, --systemd', 'register nothing, write files for systemd-binfmt'],
  ['-d, --debian', 'register nothing, write templates for update-binfmts'],
  ['-e, --exportdir PATH', 'where to (/etc/binfmt.d, or /usr/share/binfmts)'],
  ['TARGET…', 'all, when none is named'],
];

/** Answer to `-h` and to `-- -h`. */
export function usageText(): string {
  const width = Math.max(...own.map(([option]) => option.length));
  const line = ([option, meaning]: readonly [string, string]): string =>
    `  ${option.padEnd(width)}  ${meaning}`;
  return [
    'Usage: docker run --rm --privileged anyarch:qus [--help][--interactive][--list][--static][-- ARGS]',
    '',
    'Registers QEMU for foreign architectures, and proves it by running foreign programs. The options are those of',
    'dbhi/qus:',
    '',
    ...own.map(line),
    ...script.map((one) => `  ${line(one)}`),
    '',
    'One target for all containers:  anyarch:qus -s -- -p aarch64',
    'All entries removed:            anyarch:qus -- -r',
    '',
    'Environment: QEMU_BIN_DIR, QEMU_TARGETS, QEMU_SUFFIX, QEMU_PERSISTENT, QEMU_CREDENTIAL, QEMU_CLEAR, QEMU_TEST,',
    'EXPORTDIR, HOST_ARCH',
    `Targets: ${scriptTargets.map(({ name }) => name).join(' ')}`,
    '',
  ].join('\n');
}
