import type { FakeHost } from '../../host/testing/index.ts';

/** Puts emulators with their descriptions where the image builder puts them. */
export function addEmulators(host: FakeHost, targets: readonly string[]): void {
  for (const target of targets) {
    const path = `/usr/bin/qemu-${target}-static`;
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
}
