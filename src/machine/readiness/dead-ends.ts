/** What a guest prints when it will never get ready by itself. */
export interface DeadEnd {
  readonly name: string;
  readonly line: RegExp;
  /** For people: what happened; `$1` is what the line's group has. */
  readonly text: string;
  /** What to do; `NAME` is the machine's. */
  readonly remedy: string;
}

export const deadEnds: readonly DeadEnd[] = [
  {
    name: 'no-root',
    line: /Kernel panic - not syncing: VFS: Unable to mount root fs|ALERT! +(\S+) does not exist/,
    text: 'the kernel does not find its root file system $1',
    remedy:
      'the image needs drivers that its initramfs lacks (virtio), or is not whole; anyarch machine logs NAME shows which disks it saw',
  },
  {
    name: 'out-of-memory',
    line: /Kernel panic - not syncing: (?:System is deadlocked on memory|Out of memory.*)|Initramfs unpacking failed: write error/,
    text: 'the machine has too little memory',
    remedy: 'anyarch machine remove NAME, then create it again with --memory 2048',
  },
  {
    // What a signal ended is another matter: SIGILL is the processor's.
    name: 'no-init',
    line: /Kernel panic - not syncing: (Attempted to kill init! exitcode=0x[0-9a-f]{6}00|No working init found|Requested init \S+ failed.{0,40})/,
    text: 'its init has ended or cannot be started: $1',
    remedy:
      'anyarch machine logs NAME shows what it printed before; the image is not whole, or its init is not made for a whole system',
  },
  {
    name: 'panic',
    line: /Kernel panic - not syncing: (.{0,200})/,
    text: 'the kernel panicked: $1',
    remedy: 'anyarch machine logs NAME shows what came before; another --cpu or --image may do',
  },
  {
    name: 'initramfs-shell',
    line: /^\(initramfs\) *$/m,
    text: 'the initramfs found no root file system and waits in a shell',
    remedy:
      'anyarch machine logs NAME shows what it looked for; anyarch machine console NAME leads into that shell',
  },
  {
    name: 'emergency',
    line: /You are in (?:emergency|rescue) mode|Cannot open access to console, the root account is locked/,
    text: 'systemd could not start the system and waits in an emergency shell',
    remedy:
      'anyarch machine logs NAME shows which unit failed; a damaged file system is repaired by anyarch machine console NAME, or go back to a snapshot',
  },
  {
    name: 'nothing-to-boot',
    line: /No bootable (?:device|option or device was found)|Boot failed: not a bootable disk|E3406: |E3407: Load failed|No virtio device found|ERROR: No suitable device for IPL/,
    text: 'there is nothing on the disk that the firmware could start',
    remedy:
      'the image is for another architecture or another firmware: look with anyarch machine show NAME, and make the machine with an image that starts by UEFI',
  },
  {
    name: 'uefi-shell',
    line: /UEFI Interactive Shell v/,
    text: 'the firmware found nothing to start and opened its own shell',
    remedy:
      'the image is for another architecture or another firmware: make the machine with an image that starts by UEFI',
  },
  {
    name: 'grub-rescue',
    line: /^grub(?: rescue)?> *$/m,
    text: 'the boot loader finds no kernel and waits in its own shell',
    remedy: 'the image is not whole; anyarch machine console NAME leads into that shell',
  },
  {
    name: 'ssh-server',
    // Ours, in a machine made of a container image. One end may be an accident: it is started again.
    // Each line is matched in one way only: what the guest prints must not make this slow.
    line: /(?:anyarch: the SSH server ended:([^\n]*)\n[^]*?){3}/,
    text: 'its SSH server ends each time that it is started: $1',
    remedy: 'anyarch machine logs NAME shows what the console printed; make the machine anew',
  },
  {
    name: 'stopped-by-itself',
    line: /reboot: (?:System halted|Power down)/,
    text: 'the guest switched itself off',
    remedy: 'anyarch machine logs NAME shows why; anyarch machine start NAME starts it again',
  },
];

/** @param text what the console printed, without controls */
export function findDeadEnd(text: string): { readonly end: DeadEnd; readonly what: string } | undefined {
  for (const end of deadEnds) {
    const found = end.line.exec(text);
    if (found !== null) return { end, what: end.text.replace('$1', (found[1] ?? '').trim()).trim() };
  }
  return undefined;
}
