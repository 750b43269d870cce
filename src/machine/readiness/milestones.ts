/** A sign of progress at boot. */
export interface Milestone {
  readonly name: MilestoneName;
  /** For people, behind "the last that was seen: ". */
  readonly description: string;
  /** On the console; others are seen elsewhere. */
  readonly line?: RegExp;
}

export type MilestoneName =
  | 'qemu'
  | 'resumed'
  | 'firmware'
  | 'boot-loader'
  | 'kernel'
  | 'initramfs'
  | 'init'
  | 'cloud-init-local'
  | 'cloud-init-network'
  | 'cloud-init-config'
  | 'cloud-init-final'
  | 'cloud-init-finished'
  | 'login'
  | 'ssh-banner'
  | 'ssh'
  | 'cloud-init'
  | 'services';

/** In the order in which a boot reaches them; no machine reaches all. */
export const milestones: readonly Milestone[] = [
  { name: 'qemu', description: 'QEMU started' },
  { name: 'resumed', description: 'the saved machine goes on' },
  {
    name: 'firmware',
    description: 'the firmware started',
    // edk2, SeaBIOS, SLOF of ppc64, U-Boot, OpenSBI of riscv64, s390-ccw
    line: /UEFI firmware|BdsDxe|SeaBIOS \(version|SLOF\b|U-Boot \d|OpenSBI v|LOADPARM=/,
  },
  {
    name: 'boot-loader',
    description: 'the boot loader started',
    line: /Welcome to GRUB|GNU GRUB|Booting [`'].*Linux|Loading Linux|Loading initial ramdisk|EFI stub:/,
  },
  {
    name: 'kernel',
    description: 'the kernel started',
    line: /Linux version \d|Booting Linux on|Decompressing Linux|Booting linux via/,
  },
  {
    name: 'initramfs',
    description: 'the initramfs started',
    line: /Run \/init as init process|Loading, please wait|Begin: (?:Loading|Running)|dracut-\S+\[/,
  },
  {
    name: 'init',
    description: "the system's init started",
    line: /systemd\[1\]: |systemd \S+ running in|Welcome to (?!GRUB).+!\s*$|OpenRC \S+ is starting|INIT: version/m,
  },
  {
    name: 'cloud-init-local',
    description: 'cloud-init looks for its seed',
    line: /Cloud-init v\. .*'init-local'/,
  },
  {
    name: 'cloud-init-network',
    description: 'cloud-init has read its seed',
    line: /Cloud-init v\. .*'init'/,
  },
  {
    name: 'cloud-init-config',
    description: 'cloud-init configures the system',
    line: /Cloud-init v\. .*'modules:config'/,
  },
  { name: 'cloud-init-final', description: 'cloud-init finishes', line: /Cloud-init v\. .*'modules:final'/ },
  { name: 'login', description: 'the console asks who logs in', line: /(?:^|\s)[\w.-]+ login: *$/m },
  {
    name: 'cloud-init-finished',
    description: 'cloud-init has finished',
    line: /Cloud-init v\. \S+ finished at/,
  },
  { name: 'ssh-banner', description: 'the SSH server answers' },
  { name: 'ssh', description: 'commands run over SSH' },
  { name: 'cloud-init', description: 'cloud-init says that it is done' },
  { name: 'services', description: 'its init has started all services' },
];

/** @param text what the console printed, without controls; @returns the one furthest on, undefined where there is none */
export function furthestMilestone(text: string): Milestone | undefined {
  return milestones.findLast(({ line }) => line?.test(text) === true);
}

export function milestoneCalled(name: MilestoneName): Milestone {
  const found = milestones.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no milestone ${name}`);
  return found;
}

export function isFurther(one: MilestoneName, than: MilestoneName): boolean {
  const order = milestones.map(({ name }) => name);
  return order.indexOf(one) > order.indexOf(than);
}
