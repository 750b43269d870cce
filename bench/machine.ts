import { cpus, loadavg, machine, release } from 'node:os';
import { anyarch } from './places.ts';
import { findProgram, versionOf } from './programs.ts';

export interface Machine {
  readonly date: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cpus: number;
  /** Of the last minute, before anything was measured. */
  readonly load: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** @param emulator of arm64 */
export function describeMachine(emulator: string): Machine {
  const [cpu] = cpus();
  const asked: Record<string, string | undefined> = {
    node: process.version,
    anyarch: versionOf([anyarch, '--version']),
    qemu: versionOf([emulator, '--version']),
    ...Object.fromEntries(
      ['systemctl', 'update-binfmts', 'podman', 'runc', 'bwrap', 'unshare'].map((name) => [name, ask(name)]),
    ),
  };
  const versions = Object.entries(asked).map(([name, text]) => [
    name,
    text === undefined ? 'missing' : numberIn(text),
  ]);
  return {
    date: new Date().toISOString().slice(0, 10),
    kernel: `Linux ${release()} ${machine()}`,
    cpu: cpu?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    load: loadavg()[0] ?? 0,
    versions: Object.fromEntries(versions) as Record<string, string>,
  };
}

function ask(name: string): string | undefined {
  const program = findProgram(name);
  return program === undefined ? undefined : versionOf([program, '--version']);
}

function numberIn(text: string): string {
  return /(?<![\w.])v?(\d+(\.\d+)*)/.exec(text)?.[1] ?? text;
}
