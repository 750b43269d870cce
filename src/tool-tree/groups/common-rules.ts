import type { RecipeConditions } from '../../core/recipe/recipe.ts';

/**
 * QEMU shows programs of the guest a /proc of its own making in part (cpuinfo of arm64, riscv64 and s390x, the program's own exe, maps, auxv): who is
 * asked about it by an argument is emulated, however it is written (`../proc/cpuinfo`, `-f/proc/1/auxv`). linux-user/syscall.c, `fakes`.
 * Names that only lead there (links) cannot be seen; with a working directory there everything is emulated.
 */
const readsFiles = { bail: ['//'], contains: ['/proc', 'proc/'] } as const satisfies RecipeConditions;

/** Those rules and more. */
export function readingFiles(rules: RecipeConditions = {}): RecipeConditions {
  return {
    ...rules,
    bail: [...readsFiles.bail, ...(rules.bail ?? [])],
    contains: [...readsFiles.contains, ...(rules.contains ?? [])],
  };
}

/**
 * Services of the name service switch that are libraries, as far as they are known; `files` and `dns` are built into libc. Debian's file has
 * `db files` for protocols and `nis` for netgroups, which no tool asks for: those two count beside files only.
 */
const services = [
  ...[
    'files db',
    'files nis',
    'nis files',
    'compat',
    'hesiod',
    'ldap',
    'sss',
    'systemd',
    'winbind',
    'extrausers',
    'altfiles',
  ],
  ...['wrapper', 'mymachines', 'cache', 'http', 'aad', 'oslogin', 'homehost'],
];

/**
 * Native programs know the user database's files only: no library of the guest's is loaded into them. Without a line for users in
 * nsswitch.conf libc asks the files, too.
 */
export const namesUsers: RecipeConditions = {
  unless: ['systemd', 'sss', 'ldap', 'extrausers', 'winbind', 'mymachines', 'nis', 'db'].map(
    (module) => `/usr/lib/{triplet}/libnss_${module}.so.2`,
  ),
  holds: services.map((word) => ({ path: '/etc/nsswitch.conf', word })),
};
