/** Exit codes of the command line (docs/cli.md): 1 failed, 2 wrong usage, 4 not possible here. */
type ExitCode = 1 | 2 | 4;

/** Every stable error code with the exit code that a command ends with when nothing more specific applies. */
export const errorCodes = {
  // usage
  ANYARCH_USAGE: 2,
  ANYARCH_UNKNOWN_ARCHITECTURE: 2,
  // core: things that cannot be read
  ANYARCH_ELF_INVALID: 1,
  ANYARCH_RULE_INVALID: 2,
  ANYARCH_ENTRY_INVALID: 1,
  // host
  ANYARCH_FILE: 1,
  ANYARCH_DISK_FULL: 1,
  ANYARCH_PERMISSION: 4,
  ANYARCH_LOCKED: 1,
  ANYARCH_HOST_UNSUPPORTED: 4,
  // the kernel's table
  ANYARCH_BINFMT_UNSUPPORTED: 4,
  ANYARCH_BINFMT_NOT_MOUNTED: 4,
  ANYARCH_BINFMT_READ_ONLY: 4,
  ANYARCH_BINFMT_AUTOFS: 4,
  ANYARCH_BINFMT_DISABLED: 4,
  ANYARCH_REGISTER_FAILED: 1,
  ANYARCH_PROBE_FAILED: 1,
  ANYARCH_NATIVE_ARCHITECTURE: 4,
  ANYARCH_LEDGER_INVALID: 1,
  // emulators
  ANYARCH_EMULATOR_NOT_FOUND: 4,
  ANYARCH_EMULATOR_UNUSABLE: 4,
  ANYARCH_MIRROR_UNKNOWN: 4,
  ANYARCH_DOWNLOAD_FAILED: 1,
  ANYARCH_DIGEST_MISMATCH: 1,
  ANYARCH_SIGNATURE_INVALID: 1,
  ANYARCH_RELEASE_EXPIRED: 1,
  ANYARCH_PACKAGE_NOT_FOUND: 1,
  ANYARCH_ARCHIVE_INVALID: 1,
  // run
  ANYARCH_NAMESPACE: 4,
  ANYARCH_RUN_SETUP: 1,
  ANYARCH_CANCELLED: 1,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof errorCodes;
