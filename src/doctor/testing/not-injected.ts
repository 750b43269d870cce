const noCommandFails = 'it is worth knowing, and no command fails because of it alone';
const otherKernel = 'needs another kernel than the one that the tests have';
const wholeMachine = 'is a setting of the whole machine, which tests leave alone';
const brokenOtherwise = 'stands for what breaks an engine in a way that no other check knows';
const needsBuildKit = "needs BuildKit's own image, which is not to be had without a network";

/** Checks whose fault no test makes on a real kernel, and why; what they do then is held by unit tests on the fake host. */
export const notInjected: Readonly<Record<string, string>> = {
  'kernel-without-own-tables': `${otherKernel}: one older than 6.7`,
  'entry-duplicate': noCommandFails,
  'architecture-not-native': 'needs an arm64 machine without 32-bit arm, or a kernel for x86-64 without i386',
  'emulation-unsupported': 'is about what no QEMU emulates: nothing can be broken that worked before',
  'emulator-outdated': noCommandFails,
  'emulator-untested': noCommandFails,
  'emulator-of-unknown-origin': noCommandFails,
  'user-namespaces-restricted': `${otherKernel}: one with AppArmor`,
  'subordinate-ids-overlap':
    'engines refuse such ranges, each in its own way; unshare takes the first one only',
  'subordinate-ids-few': 'needs an image with owners beyond the ids of the user',
  wsl: 'needs Windows',
  'wsl-interop-lost': 'needs Windows',
  'inside-container': noCommandFails,
  'selinux-labels': `${otherKernel}: one with SELinux`,
  'selinux-denials': `${otherKernel}: one with SELinux; what its log says is held by real lines`,
  'apparmor-denials': `${otherKernel}: one with AppArmor; what its log says is held by real lines`,
  'engine-fails': brokenOtherwise,
  'engine-runs-no-foreign': 'would need a daemon in a namespace whose table lacks what the machine has',
  'builder-lacks-platform': needsBuildKit,
  'builder-own-emulators': needsBuildKit,
  'node-without-runtime': 'is said of every machine that is no node, so nothing has to be broken for it',
  'node-entries-need-files': 'is the same fault as interpreter-not-in-root, which comes first',
  'node-read-only': noCommandFails,
  'vm-without-kvm': noCommandFails,
  'persisted-not-in-force': "is about the host's table after a boot",
  'lost-at-boot': 'needs a boot',
  'not-persisted': noCommandFails,
  'memory-overcommit': wholeMachine,
  'mmap-min-addr': wholeMachine,
};
