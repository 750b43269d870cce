import type { Emulator } from '../../emulators/index.ts';
import { AnyarchError } from '../../core/error.ts';
import { encodeUtf8 } from '../../core/text.ts';
import { fakeHost, type FakeHost, type FakeHostOptions } from '../../host/testing/index.ts';
import { register, type RegisterOptions } from '../register.ts';
import type { RegistrationReport } from '../report.ts';

export interface RegistrationHost {
  readonly host: FakeHost;
  /** Where emulators come from; change an item to "install" another one. */
  readonly emulators: Map<string, Emulator>;
  /** A rule that somebody else writes. */
  readonly addEntry: (rule: string) => void;
  /** All entries as the kernel prints them, by name, the newest first. */
  readonly entries: () => ReadonlyMap<string, string>;
  readonly register: (
    options: Partial<RegisterOptions> & Pick<RegisterOptions, 'architectures'>,
  ) => RegistrationReport;
}

export const state = '/var/lib/anyarch';

/** A fake machine with emulators for some architectures in its store. */
export function registrationHost(
  targets: readonly string[] = ['aarch64', 'riscv64', 's390x', 'i386', 'x86_64'],
  options: FakeHostOptions = {},
): RegistrationHost {
  const host = fakeHost(options);
  const emulators = new Map(targets.map((target) => [target, install(host, target, '11.1.3')]));
  const choose = (target: string): Emulator => {
    const found = emulators.get(target);
    if (found === undefined)
      throw new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', `there is no emulator for ${target}`);
    return found;
  };
  return {
    host,
    emulators,
    addEntry: (rule) => {
      host.binfmt.table().register(encodeUtf8(rule));
    },
    entries: () => listEntries(host),
    register: (wanted) => register(host, { choose, ...wanted }),
  };
}

/** Puts an emulator into the store. */
export function install(
  host: FakeHost,
  target: string,
  version: string,
  changes: Partial<Emulator> = {},
): Emulator {
  const path = `${state}/store/sha256/${target}-${version}/qemu-${target}`;
  const emulator: Emulator = {
    target,
    path,
    version,
    linkage: 'static-pie',
    origin: 'store',
    preservesArgv0: true,
    sha256: `${target}-${version}`,
    ...changes,
  };
  host.addProgram(emulator.path);
  return emulator;
}

function listEntries(host: FakeHost): ReadonlyMap<string, string> {
  const table = host.binfmt.table();
  return new Map(table.list().map((name) => [name, table.read(name)]));
}

export const aarch64Pattern =
  'M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff';
