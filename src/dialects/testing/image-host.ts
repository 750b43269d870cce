import type { FakeHost, FakeHostOptions } from '../../host/testing/index.ts';
import { registrationHost } from '../../registration/testing/registration-host.ts';

export interface ImageHost {
  readonly host: FakeHost;
  /** A rule that somebody else writes. */
  readonly addEntry: (rule: string) => void;
  /** All entries as the kernel prints them, by name, the newest first. */
  readonly entries: () => ReadonlyMap<string, string>;
  /** The next container of the same image: it remembers nothing. */
  readonly forget: () => void;
}

/** A fake machine as a container of anyarch's image sees it. */
export function imageHost(
  targets: readonly string[] = ['aarch64', 'riscv64', 's390x', 'i386'],
  options: FakeHostOptions = {},
): ImageHost {
  const environment = { PATH: '/usr/bin', ...options.system?.environment };
  const { host, addEntry, entries } = registrationHost([], {
    ...options,
    system: { hostFiles: 'hidden', ...options.system, environment },
  });
  for (const target of targets) addEmulator(host, target, '/usr/bin');
  return {
    host,
    addEntry,
    entries,
    forget: () => {
      host.files.remove('/var/lib/anyarch');
    },
  };
}

/** As the image builder lays it out. */
export function addEmulator(host: FakeHost, target: string, directory: string): void {
  const path = `${directory}/qemu-${target}-static`;
  host.addProgram(path);
  const description = {
    schema: 1,
    target,
    path,
    version: '11.1.3',
    packageVersion: '1:11.1.3+ds-1',
    linkage: 'static-pie',
    preservesArgv0: true,
    size: host.files.status(path)?.size,
    sha256: 'ab'.repeat(32),
  };
  host.files.addFile(`/usr/share/anyarch/emulators/${target}.json`, JSON.stringify(description));
}
