/**
 * QEMU shows programs of the guest a /proc of its own making in part (cpuinfo of arm64, riscv64 and s390x, the program's own exe, maps, auxv): who is
 * asked about it by an argument is emulated. linux-user/syscall.c, `fakes`.
 */
export const readsFiles = ['/proc', '//'] as const;

/** Native programs know the user database's files only: no other module of the guest's is loaded into them. */
export const namesUsers = ['systemd', 'sss', 'ldap', 'extrausers', 'winbind', 'mymachines', 'nis', 'db'].map(
  (module) => `/usr/lib/{triplet}/libnss_${module}.so.2`,
);
