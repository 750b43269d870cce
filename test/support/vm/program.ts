/** Debian's QEMU for virtual machines. */
export const machineProgram = '/usr/bin/qemu-system-x86_64';
