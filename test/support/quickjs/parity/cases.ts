import type { Host } from '../../../../src/host/host.ts';
import { SystemError } from '../../../../src/host/system-error.ts';
import { runProgram } from '../../../../src/entrypoint/program.ts';

export interface ParityCase {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A rule that somebody else writes first. */
  readonly rule?: string;
}

export interface ParityResult {
  readonly words: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the kernel lists afterwards, the newest first. */
  readonly table: readonly string[];
}

const arm64 = 'M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:';
const quoted = 'quoted \u{1f680} "\u00e4\u0000\ud800';

/** In this order, on one table: what one leaves, the next one finds. */
const cases: readonly ParityCase[] = [
  { words: ['--version'] },
  { words: ['--help'] },
  { words: ['register', '--help'] },
  { words: ['regster'] },
  { words: ['register', 'arn64'] },
  { words: ['register', quoted] },
  { words: ['status'] },
  { words: [], rule: `:jar:M::PK\\x03\\x04::/usr/bin/jexec:` },
  { words: ['status', '--probe', '--json'] },
  { words: ['register', 'arm64', 'riscv64', '--json'] },
  { words: ['register', 'all', '--credentials', '--dry-run'] },
  { words: ['explain', '/usr/share/emulators/qemu-arm-static'] },
  { words: ['explain', '/nothing', '--json'] },
  { words: ['unregister', 's390x', '--json'] },
  { words: ['unregister'] },
  { words: ['--reset', '-p', 'yes'] },
  { words: ['--reset'], environment: { ANYARCH_DIALECT: 'multiarch' } },
  { words: ['-p', 'yes', '-g', 'yes'] },
  { words: ['--reset', '--persist', 'yes', '--credential=yes'] },
  { words: ['--reset', '--install', 'all'] },
  { words: ['--nonsense', '-p'] },
  { words: ['--help'], environment: { ANYARCH_DIALECT: 'multiarch' } },
  { words: ['--systemd', 'ALL', '--exportdir', '/usr/share/exported'] },
  { words: ['--debian', '--exportdir', '/usr/share/exported', '--persistent', 'yes'] },
  { words: ['--uninstall', 'qemu-*'] },
  { words: ['--install', 'all'] },
  { words: ['--install', 'arm64,s390x,mips9'], environment: { QEMU_PRESERVE_ARGV0: '1' } },
  { words: [], environment: { ANYARCH_DIALECT: 'binfmt' } },
  { words: ['--uninstall', 'arm64,jar'] },
  { words: ['--version'], environment: { ANYARCH_DIALECT: 'binfmt' } },
  { words: ['-s', '--', '-p', 'aarch64', 'arm'] },
  { words: ['-l', '--', '-t'] },
  { words: ['-s', '--', '-r'] },
  { words: ['-h'], environment: { ANYARCH_DIALECT: 'qus' } },
  { words: ['register', 'arm64'], rule: `:qemu-aarch64:${arm64}:/opt/mine/qemu-aarch64:` },
  { words: ['status', '--json'] },
  { words: ['unregister', '--json'] },
];

/** The machine that the program is told to run on: under QEMU it would take itself for another. */
const machine = 'x86_64';

export function runParityCases(host: Host): ParityResult[] {
  return cases.map(({ words, environment, rule }) => {
    if (rule !== undefined) host.binfmt.table().register(bytesOf(rule));
    const system = { ...host.system, machine, environment: { ...host.system.environment, ...environment } };
    const { exitCode, stdout, stderr } = runProgram(
      { ...host, files: withCpuinfo(host.files), system },
      { words, version: '1.2.3' },
    );
    return { words, exitCode, stdout: withoutTimes(stdout), stderr, table: tableOf(host) };
  });
}

/** QEMU shows programs one of their own. */
const cpuinfo = 'flags : cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3\n';

function withCpuinfo(files: Host['files']): Host['files'] {
  return {
    ...files,
    read: (path) => (path === '/proc/cpuinfo' ? bytesOf(cpuinfo) : files.read(path)),
  };
}

/** As `ls -l` and `status` print them. */
function withoutTimes(text: string): string {
  return text
    .replace(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{3}Z| UTC)/g, 'TIME');
}

function tableOf(host: Host): string[] {
  const table = host.binfmt.table();
  try {
    return table.list().map((name) => `${name}\n${table.read(name)}`);
  } catch (error) {
    if (error instanceof SystemError) return [error.errno];
    throw error;
  }
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
