import { defineCommand } from '../command.ts';

export const machineCreate = defineCommand({
  name: 'machine create',
  summary: 'make a virtual machine of any architecture, with a kernel of its own',
  description: `Makes a machine, and starts nothing: "anyarch machine start" and "anyarch machine shell" do. Its disk lies over an image that is
never written to. The image is told by cloud-init who may log in; that user may become root. No root is needed, nothing is
installed, and only this host reaches the machine; only you log in.`,
  positionals: [{ name: 'NAME', help: 'what the machine is called, also by itself', required: true }],
  options: {
    arch: {
      type: 'string',
      short: 'a',
      value: 'ARCH',
      help: "architecture, or a board: arm64, armhf, riscv64, s390x, ppc64el, amd64, loong64, mips64el, mipsel, raspi3b; default: this host's",
      complete: 'architecture',
    },
    image: {
      type: 'string',
      value: 'IMAGE',
      help: 'debian or debian:SUITE (made of packages, once), a disk image as FILE or URL, or a container image: oci:REF. Default: debian',
    },
    from: {
      type: 'string',
      value: 'NAME[@SNAPSHOT]',
      complete: 'machine',
      help: 'a copy of another machine, instead of an image',
    },
    sums: {
      type: 'string',
      value: 'FILE|URL',
      help: "the image's SHA256SUMS or SHA512SUMS; default: beside it",
    },
    digest: {
      type: 'string',
      value: 'sha256:HEX|sha512:HEX',
      help: "the image's digest, where you have it from somewhere else",
    },
    'image-keyring': {
      type: 'string',
      value: 'FILE',
      help: 'public keys that may have signed the sums; without them, a signature that cannot be checked is said so',
      complete: 'file',
    },
    'no-verify': { type: 'boolean', help: 'take an image for which there are no sums at all' },
    cpus: { type: 'string', value: 'N', help: 'processors; default: 2' },
    memory: { type: 'string', value: 'SIZE', help: 'MiB, or 2G; default: 1024' },
    disk: { type: 'string', value: 'SIZE', help: '20G, or MiB; default: 10G' },
    cpu: {
      type: 'string',
      value: 'MODEL',
      help: "QEMU's processor model; default: the most stable for the architecture",
    },
    accel: {
      type: 'string',
      choices: ['auto', 'tcg', 'kvm'],
      help: 'auto: kvm where it has booted something, for the own architecture',
    },
    user: { type: 'string', value: 'USER', help: 'who logs in; default: your own name, debian for root' },
    password: {
      type: 'string',
      value: 'TEXT|HASH',
      help: "of that user, for the console only; it stays readable on the machine's seed",
    },
    'ssh-key': {
      type: 'string',
      value: 'FILE',
      help: 'a key of yours, either half, that may log in beside the one made for the machine',
      complete: 'file',
    },
    'cloud-init': {
      type: 'string',
      value: 'FILE',
      help: 'user data of yours (#cloud-config), merged with what access needs',
      complete: 'file',
    },
    package: { type: 'string', value: 'NAME', multiple: true, help: 'installed at the first start' },
    run: {
      type: 'string',
      value: 'COMMAND',
      multiple: true,
      help: 'run by root at the end of the first start',
    },
    port: {
      type: 'string',
      short: 'p',
      value: '[ADDRESS:]PORT:GUESTPORT[/udp]',
      multiple: true,
      help: 'a port of this host that leads into the machine; address: 127.0.0.1',
    },
    mount: {
      type: 'string',
      value: 'DIR:PATH[:ro]',
      multiple: true,
      help: 'a directory of this host that the machine sees',
    },
    engine: {
      type: 'string',
      choices: ['podman', 'docker'],
      help: 'install it in the machine and give this host its socket',
    },
    qemu: {
      type: 'string',
      value: 'PATH|VERSION|system',
      help: "which QEMU; default: the system's from 9.0 on, else Debian's, fetched",
    },
    'qemu-arg': {
      type: 'string',
      value: 'WORD',
      multiple: true,
      takesDash: true,
      help: "put behind QEMU's own words",
    },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
    'allow-expired': {
      type: 'boolean',
      help: "accept a Release file whose Valid-Until has passed (that of unreleased suites often has; loong64's is one)",
    },
  },
  examples: [
    {
      command: 'anyarch machine create demo -a arm64',
      does: 'a Debian machine; then: anyarch machine shell demo -- uname -m',
    },
    {
      command: 'anyarch machine create web -a riscv64 --memory 2G --disk 20G -p 8080:80 --mount .:/src',
      does: 'with a port, and with this directory at /src',
    },
    {
      command: 'anyarch machine create boxes -a arm64 --engine podman',
      does: 'a place for containers with a kernel of their own architecture',
    },
    {
      command:
        'anyarch machine create cloud -a arm64 --image https://cloud.debian.org/images/cloud/trixie/latest/debian-13-generic-arm64.qcow2',
      does: "a cloud image of the distribution's",
    },
  ],
});
