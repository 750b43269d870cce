/** Exit codes of the command line: 1 failed, 2 wrong usage, 4 not possible here. */
type ExitCode = 1 | 2 | 4;

interface CodeFacts {
  /** What a command ends with when nothing more specific applies. */
  readonly exitCode: ExitCode;
  /** One clause for docs/errors.md. */
  readonly meaning: string;
}

/** Every stable error code. */
export const errorCodes = {
  ANYARCH_USAGE: { exitCode: 2, meaning: 'the command line is wrong' },
  ANYARCH_UNKNOWN_ARCHITECTURE: { exitCode: 2, meaning: 'no architecture has that name' },
  ANYARCH_ELF_INVALID: { exitCode: 1, meaning: 'a file is no ELF program, or a damaged one' },
  ANYARCH_RULE_INVALID: {
    exitCode: 2,
    meaning: 'the kernel would refuse the rule, or read another one from it',
  },
  ANYARCH_ENTRY_INVALID: { exitCode: 1, meaning: 'an entry does not read as the kernel writes them' },
  ANYARCH_FILE: { exitCode: 1, meaning: 'a file cannot be read or written' },
  ANYARCH_DISK_FULL: { exitCode: 1, meaning: 'no space is left; what was there before is untouched' },
  ANYARCH_PERMISSION: { exitCode: 4, meaning: 'the user may not do that' },
  ANYARCH_FILE_OF_OTHERS: {
    exitCode: 1,
    meaning: 'a file that anyarch did not make is where one of its own should be; it stays',
  },
  ANYARCH_FILE_CHANGED: { exitCode: 1, meaning: 'somebody changed a file that anyarch installed; it stays' },
  ANYARCH_PATH_ORDER: {
    exitCode: 4,
    meaning: 'PATH does not lead to a program of ours before it leads to the one that it stands for',
  },
  ANYARCH_READ_ONLY_SYSTEM: {
    exitCode: 4,
    meaning: "the system's files are read-only, or made from a description: what would be written is lost",
  },
  ANYARCH_STATE_INVALID: {
    exitCode: 1,
    meaning: "a document of anyarch's own is damaged; it is left as it is",
  },
  ANYARCH_INIT_UNKNOWN: { exitCode: 4, meaning: 'nothing is known that registers entries at boot here' },
  ANYARCH_PERSISTED_OTHERWISE: {
    exitCode: 1,
    meaning: 'entries are registered at boot by another init system already; one must do',
  },
  ANYARCH_PERSIST_PLACE: {
    exitCode: 4,
    meaning: "the emulators' file system is not there when entries are registered at boot",
  },
  ANYARCH_PERSIST_CLASH: {
    exitCode: 1,
    meaning: "others' configuration keeps ours from being registered at boot",
  },
  ANYARCH_LOCKED: { exitCode: 1, meaning: 'another process holds the lock' },
  ANYARCH_LISTEN: { exitCode: 1, meaning: 'a server cannot listen at an address' },
  ANYARCH_HOST_UNSUPPORTED: { exitCode: 4, meaning: "this machine's architecture is not supported for that" },
  ANYARCH_ENGINE_NOT_FOUND: { exitCode: 4, meaning: 'a container engine is not installed, or does not run' },
  ANYARCH_ENGINE_FAILED: { exitCode: 1, meaning: "a container engine's own command failed" },
  ANYARCH_IN_USE: { exitCode: 1, meaning: 'running processes use what is to be removed' },
  ANYARCH_BINFMT_UNSUPPORTED: { exitCode: 4, meaning: 'the kernel does not know binfmt_misc' },
  ANYARCH_BINFMT_NOT_MOUNTED: { exitCode: 4, meaning: 'binfmt_misc is not mounted and cannot be' },
  ANYARCH_BINFMT_READ_ONLY: { exitCode: 4, meaning: 'the table is mounted read-only' },
  ANYARCH_BINFMT_AUTOFS: {
    exitCode: 4,
    meaning: 'the table is behind an automount point that does not mount',
  },
  ANYARCH_BINFMT_DISABLED: { exitCode: 4, meaning: 'the table is switched off as a whole' },
  ANYARCH_REGISTER_FAILED: { exitCode: 1, meaning: 'the kernel refused a registration, or kept another one' },
  ANYARCH_PROBE_FAILED: {
    exitCode: 1,
    meaning: 'a registration was made, but a foreign program does not run',
  },
  ANYARCH_ENTRY_OF_OTHERS: {
    exitCode: 1,
    meaning: 'an entry that others made was named for removal; it stays',
  },
  ANYARCH_ENTRY_NOT_FOUND: { exitCode: 1, meaning: 'no entry has that name' },
  ANYARCH_NOT_ADOPTABLE: {
    exitCode: 4,
    meaning: 'an entry that others made cannot be taken over: ours would not fill its place',
  },
  ANYARCH_NOT_RESTORABLE: {
    exitCode: 4,
    meaning: 'an entry that others made could not be given back as it was; it, or ours, stays',
  },
  ANYARCH_NOT_ADOPTED: {
    exitCode: 1,
    meaning: 'an entry was to be given back whose place anyarch does not have',
  },
  ANYARCH_NATIVE_ARCHITECTURE: { exitCode: 4, meaning: 'the host runs that architecture by itself' },
  ANYARCH_LEDGER_INVALID: {
    exitCode: 1,
    meaning: 'the record of our registrations is damaged; it is left as it is',
  },
  ANYARCH_EMULATOR_NOT_FOUND: { exitCode: 4, meaning: 'there is no emulator for the architecture' },
  ANYARCH_EMULATOR_UNUSABLE: {
    exitCode: 4,
    meaning: 'an emulator does not run here, or is dynamic where it must be static',
  },
  ANYARCH_EMULATOR_UNTRUSTED: {
    exitCode: 4,
    meaning: 'an emulator that is to run as root can be replaced by others than root',
  },
  ANYARCH_MIRROR_UNKNOWN: { exitCode: 4, meaning: 'the name of the mirror makes no sense' },
  ANYARCH_DOWNLOAD_FAILED: { exitCode: 1, meaning: 'a server did not give a file, or not whole' },
  ANYARCH_DIGEST_MISMATCH: {
    exitCode: 1,
    meaning: 'a file is not the one that was promised; it was deleted',
  },
  ANYARCH_SIGNATURE_INVALID: {
    exitCode: 1,
    meaning: "an archive's Release file is not signed by a trusted key",
  },
  ANYARCH_RELEASE_EXPIRED: { exitCode: 1, meaning: "an archive's Release file is out of date" },
  ANYARCH_PACKAGE_NOT_FOUND: { exitCode: 1, meaning: 'the archive has no such package or version' },
  ANYARCH_ARCHIVE_INVALID: { exitCode: 1, meaning: 'a package or an index is damaged or hostile' },
  ANYARCH_IMAGE_INVALID: {
    exitCode: 1,
    meaning: 'an image, a layout or an image archive is damaged or hostile',
  },
  ANYARCH_IMAGE_NOT_FOUND: { exitCode: 1, meaning: 'an image is not where it was looked for' },
  ANYARCH_PLATFORM_NOT_FOUND: {
    exitCode: 1,
    meaning: 'an image exists, but not for the wanted platform; the message says for which ones',
  },
  ANYARCH_IMAGE_LIMIT: {
    exitCode: 1,
    meaning: 'an image has more than is unpacked: entries, bytes, depth; nothing of it was kept',
  },
  ANYARCH_IMAGE_OWNER: {
    exitCode: 4,
    meaning: 'files of an image belong to ids that the user does not have',
  },
  ANYARCH_IMAGE_NOT_STORED: { exitCode: 1, meaning: 'no image in the store has that name' },
  ANYARCH_PROGRAM_NOT_FOUND: {
    exitCode: 1,
    meaning: "anyarch's own program for a platform of the image is missing",
  },
  ANYARCH_OUTPUT_EXISTS: { exitCode: 1, meaning: 'the output is there already and is not overwritten' },
  ANYARCH_NAMESPACE: {
    exitCode: 4,
    meaning: 'the kernel or its settings forbid private namespaces or tables',
  },
  ANYARCH_PROCESS_NOT_FOUND: { exitCode: 1, meaning: 'no process has that number, or it has ended' },
  ANYARCH_SUBORDINATE_IDS: {
    exitCode: 4,
    meaning: 'the user has no subordinate ids, or they cannot be mapped',
  },
  ANYARCH_LIMITS: { exitCode: 4, meaning: 'what the guest uses cannot be limited here' },
  ANYARCH_RUN_SETUP: { exitCode: 1, meaning: "the guest's file system could not be set up" },
  ANYARCH_REFERENCE_INVALID: { exitCode: 2, meaning: 'a text names no image in a registry' },
  ANYARCH_REGISTRY_UNREACHABLE: {
    exitCode: 1,
    meaning: 'a registry does not answer, or nobody vouches for it',
  },
  ANYARCH_REGISTRY_DENIED: {
    exitCode: 1,
    meaning: 'a registry wants other credentials, or does not allow it to these',
  },
  ANYARCH_REGISTRY_NOT_FOUND: { exitCode: 1, meaning: 'a registry has no such repository, tag or content' },
  ANYARCH_REGISTRY_RATE_LIMIT: { exitCode: 1, meaning: 'a registry allows no more requests for now' },
  ANYARCH_REGISTRY_FAILED: {
    exitCode: 1,
    meaning: 'a registry refused a request, or did not keep to the protocol',
  },
  ANYARCH_CREDENTIALS_INVALID: {
    exitCode: 1,
    meaning: 'a file or a helper with credentials cannot be used',
  },
  ANYARCH_CANCELLED: { exitCode: 1, meaning: 'a signal ended the work; what was half done is gone' },
} as const satisfies Record<string, CodeFacts>;

export type ErrorCode = keyof typeof errorCodes;
