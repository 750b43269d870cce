/** The pure part of anyarch: no I/O, no platform. What is exported here is the package's `anyarch/core`. */
export { AnyarchError, type ErrorDetails, type ErrorOptions } from './error.ts';
export { errorCodes, type ErrorCode } from './error-code.ts';
export { errorMeanings } from './error-meanings.ts';
export {
  architectures,
  findArchitecture,
  lookUpArchitecture,
  sameFamily,
  type Architecture,
  type ElfIdentity,
} from './architecture.ts';
export { architectureOfElf } from './elf-architecture.ts';
export { debianArchitecture } from './debian-architecture.ts';
export { formatPlatform, parsePlatform, type Platform } from './platform.ts';
export { bytesSource, type ByteSource } from './byte-source.ts';
export { isElf, readElfHeader, type ElfHeader } from './elf-header.ts';
export { readElf, type ElfFile, type Linkage } from './elf.ts';
export { formatFlags, noFlags, parseFlags, type Flags } from './flags.ts';
export { formatRule, parseRule, ruleLimits, ruleProblems, validateRule, type Rule } from './rule.ts';
export { formatEntry, parseEntry, type Entry } from './entry.ts';
export {
  compareMagic,
  explainMatch,
  type ByteComparison,
  type ExecutedFile,
  type MatchExplanation,
  type MatchTable,
  type Verdict,
} from './match.ts';
export { compareDebianVersions, compareQemuVersions, parseQemuVersion, type QemuVersion } from './version.ts';
export { fromHex, toHex } from './hex.ts';
