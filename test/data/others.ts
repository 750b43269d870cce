/** What others register, as their own files and scripts have it. */
export interface OthersRule {
  /** Who, for the name of a test. */
  readonly who: string;
  /** Whose it is where no file of the host describes it: an `OwnerKind`. */
  readonly owner: string;
  readonly rule: string;
  /** Where the rule is from. */
  readonly source: string;
  /** QEMU's target name, of what anyarch could put in its place. */
  readonly architecture?: string;
}

const x86_64 = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x3e\\x00';
const i386 = '\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x03\\x00';
const aarch64 = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00';
const rosettaMask =
  '\\xff\\xff\\xff\\xff\\xff\\xfe\\xfe\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';
const fexMask =
  '\\xff\\xff\\xff\\xff\\xff\\xfe\\xfe\\x00\\x00\\x00\\x00\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';
const box64Mask =
  '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\x00\\x00\\x00\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';
const qemuMask =
  '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';

export const othersRules: readonly OthersRule[] = [
  {
    who: 'WSL',
    owner: 'wsl',
    rule: ':WSLInterop:M::MZ::/init:PF',
    source: 'microsoft/WSL issue 9381',
  },
  {
    who: 'WSL, after systemd',
    owner: 'wsl',
    rule: ':WSLInterop-late:M::MZ::/init:P',
    source: 'microsoft/WSL issue 8843: the unit wsl-binfmt.service',
  },
  {
    who: 'Rosetta in Lima',
    owner: 'rosetta',
    rule: `:rosetta:M::${x86_64}:${rosettaMask}:/mnt/lima-rosetta/rosetta:OCF`,
    source: 'lima-vm/lima pkg/cidata/cidata.TEMPLATE.d/boot/05-rosetta-volume.sh',
    architecture: 'x86_64',
  },
  {
    who: 'Rosetta in UTM, Tart and Apple’s documentation',
    owner: 'rosetta',
    rule: `:rosetta:M::${x86_64}:${rosettaMask}:/media/rosetta/rosetta:OCF`,
    source: 'cirruslabs/packer-plugin-tart example/install_rosetta.sh: update-binfmts --install',
    architecture: 'x86_64',
  },
  {
    who: 'Rosetta in OrbStack, by the path of its interpreter',
    owner: 'rosetta',
    rule: `:amd64:M::${x86_64}:${rosettaMask}:/mnt/rv/[rosetta]:POCF`,
    source: 'orbstack/orbstack issue 2440',
    architecture: 'x86_64',
  },
  {
    who: 'FEX',
    owner: 'fex',
    rule: `:FEX-x86_64:M:0:${x86_64}:${fexMask}:/usr/bin/FEX:POCF`,
    source: 'FEX-Emu/FEX Data/binfmts/FEX-x86_64.conf.in',
    architecture: 'x86_64',
  },
  {
    who: 'FEX for i386, by its former name',
    owner: 'fex',
    rule: `:FEX-x86:M:0:${i386}:${fexMask}:/usr/bin/FEXInterpreter:POCF`,
    source: 'FEX-Emu/FEX Data/binfmts/FEX-x86.in',
    architecture: 'i386',
  },
  {
    who: 'box64',
    owner: 'box64',
    rule: `:x86_64:M::${x86_64}:${box64Mask}:/usr/local/bin/box64:`,
    source: 'ptitSeb/box64 system/box64.conf.cmake',
    architecture: 'x86_64',
  },
  {
    who: 'box64 for i386',
    owner: 'box64',
    rule: `:box32:M::${i386}:${qemuMask}:/usr/local/bin/box64:`,
    source: 'ptitSeb/box64 system/box32.conf.cmake',
    architecture: 'i386',
  },
  {
    who: 'box86',
    owner: 'box64',
    rule: `:x86:M::${i386}:${qemuMask}:/usr/local/bin/box86:`,
    source: 'ptitSeb/box86 system/box86.conf.cmake',
    architecture: 'i386',
  },
  {
    who: 'Debian’s wine',
    owner: 'wine',
    rule: ':wine:M::MZ::/usr/bin/wine:',
    source: 'Debian wine-binfmt 10.0 /usr/lib/binfmt.d/wine.conf',
  },
  {
    who: 'Fedora’s wine',
    owner: 'wine',
    rule: ':windows:M::MZ::/usr/bin/wine:',
    source: 'wine-systemd /usr/lib/binfmt.d/wine.conf',
  },
  {
    who: 'Fedora’s wine, for PE',
    owner: 'wine',
    rule: ':windowsPE:M::PE::/usr/bin/wine:',
    source: 'wine-systemd /usr/lib/binfmt.d/wine.conf',
  },
  {
    who: 'wine, as in systemd’s manual',
    owner: 'wine',
    rule: ':DOSWin:M::MZ::/usr/bin/wine:',
    source: 'binfmt.d(5)',
  },
  {
    who: 'Mono',
    owner: 'mono',
    rule: ':cli:M::MZ::/usr/bin/cli:',
    source: 'Debian mono-runtime /usr/share/binfmts/cli',
  },
  {
    who: 'OpenJDK',
    owner: 'java',
    rule: ':jar:M::PK\\x03\\x04::/usr/bin/jexec:',
    source: 'Debian openjdk-17-jre-headless jar.binfmt',
  },
  {
    who: 'jarwrapper',
    owner: 'java',
    rule: ':jarwrapper:M::PK\\x03\\x04::/usr/bin/jarwrapper:',
    source: 'Debian jarwrapper /usr/share/binfmts/jarwrapper',
  },
  {
    who: 'Python',
    owner: 'python',
    rule: ':python3.11:M::\\xa7\\x0d\\x0d\\x0a::/usr/bin/python3.11:',
    source: 'Debian python3.11-minimal /usr/lib/binfmt.d/python3.11.conf',
  },
  {
    who: 'LLVM',
    owner: 'llvm',
    rule: ':llvm-14-runtime.binfmt:M::BC::/usr/bin/lli-14:',
    source: 'Debian llvm-14-runtime /usr/lib/binfmt.d/llvm-14-runtime.binfmt.conf',
  },
  {
    who: 'AppImageLauncher',
    owner: 'appimage',
    rule: ':appimage-type2:M:8:AI\\x02::/usr/bin/AppImageLauncher:',
    source: 'probonopd/go-appimage issue 7',
  },
  {
    who: 'NixOS',
    owner: 'systemd-binfmt',
    rule: `:aarch64-linux:M::${aarch64}:${qemuMask}:/run/binfmt/aarch64-linux:P`,
    source: 'NixOS/nixpkgs nixos/modules/system/boot/binfmt.nix',
    architecture: 'aarch64',
  },
  {
    who: 'Debian’s qemu-user-binfmt',
    owner: 'systemd-binfmt',
    rule: `:qemu-aarch64:M::${aarch64}:${qemuMask}:/usr/bin/qemu-aarch64:OPF`,
    source: 'Debian qemu-user 11.1 /usr/share/qemu/binfmt.d/qemu-aarch64.conf',
    architecture: 'aarch64',
  },
];
