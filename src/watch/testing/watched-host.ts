import { descriptionsDirectory, type EmulatorDescription } from '../../emulators/index.ts';
import { encodeUtf8 } from '../../core/text.ts';
import { fakeHost, type FakeHost, type FakeHostOptions } from '../../host/testing/index.ts';
import { register } from '../../registration/index.ts';
import { newMemory, type Memory } from '../memory.ts';
import { watchOnce, type WatchOptions } from '../watch-once.ts';

export const state = '/var/lib/anyarch';

export interface WatchedHost {
  readonly host: FakeHost;
  readonly memory: Memory;
  /** A poll, some seconds after the one before; gives kinds of events with the architecture: `removed aarch64`. */
  readonly poll: (afterMs?: number, options?: Partial<WatchOptions>) => string[];
  /** What the last poll said, in full. */
  readonly messages: () => readonly string[];
  /** What somebody types. */
  readonly register: (...architectures: readonly string[]) => void;
  /** A rule that somebody else writes. */
  readonly addEntry: (rule: string) => void;
  readonly control: (name: string, command: '0' | '1' | '-1') => void;
  /** All entries go. */
  readonly flush: () => void;
  readonly entries: () => readonly string[];
  /** The same machine, and a watch that has just been started. */
  readonly restarted: () => WatchedHost;
}

/** A fake machine with described emulators, and a watch that polls when it is told to. */
export function watchedHost(
  targets: readonly string[] = ['aarch64', 'riscv64'],
  options: FakeHostOptions = {},
): WatchedHost {
  const host = fakeHost(options);
  for (const target of targets) installEmulator(host, target);
  return watched(host);
}

function watched(host: FakeHost): WatchedHost {
  const memory = newMemory();
  let said: string[] = [];
  const table = () => host.binfmt.table();
  return {
    host,
    memory,
    poll: (afterMs = 5000, more = {}) => {
      host.clock.advance(afterMs);
      const events = watchOnce(host, state, memory, { probeIntervalMs: 0, ...more });
      said = events.map(({ message, next }) => `${message}${next === undefined ? '' : `; next: ${next}`}`);
      return events.map(({ event, architecture = '' }) => `${event} ${architecture}`.trim());
    },
    messages: () => said,
    register: (...architectures) => {
      const report = register(host, { architectures, state });
      if (report.outcome !== 'ok') throw new Error(JSON.stringify(report));
    },
    addEntry: (rule) => {
      table().register(encodeUtf8(rule));
    },
    control: (name, command) => {
      table().control(name, command);
    },
    flush: () => {
      for (const name of table().list()) table().control(name, '-1');
    },
    entries: () => table().list(),
    restarted: () => watched(host),
  };
}

/** @param identity another one is another file, as after an upgrade */
export function installEmulator(host: FakeHost, target: string, identity = '11.1.3'): string {
  const path = `/usr/bin/qemu-${target}-static`;
  host.addProgram(path, `${target} ${identity}`);
  const description: EmulatorDescription = {
    schema: 1,
    target,
    path,
    version: '11.1.3',
    packageVersion: '1:11.1.3',
    linkage: 'static-pie',
    preservesArgv0: true,
    size: host.files.status(path)?.size ?? 0,
    sha256: 'ab'.repeat(32),
  };
  host.files.addFile(`${descriptionsDirectory}/${target}.json`, JSON.stringify(description));
  return path;
}

/** The rule of another tool for arm64, under another name. */
export const othersRule =
  ':other:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/usr/bin/qemu-riscv64-static:F';

/** What a package of the distribution registers for arm64: described by a file, and made by systemd-binfmt. */
export function distributionsEntry(
  { host, addEntry }: WatchedHost,
  interpreter = '/usr/bin/qemu-aarch64-static',
): void {
  const rule = othersRule
    .replace(':other:', ':qemu-aarch64:')
    .replace('/usr/bin/qemu-riscv64-static:F', `${interpreter}:OPF`);
  host.files.addFile('/usr/lib/binfmt.d/qemu-aarch64.conf', rule);
  addEntry(rule);
}
