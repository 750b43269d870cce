import { encodeUtf8 } from '../../../../core/text.ts';
import { fakeHost, type FakeHost, type FakeHostOptions } from '../../../../host/testing/index.ts';
import { aarch64Pattern } from '../../../../registration/testing/registration-host.ts';

const emulatorPath = '/usr/bin/qemu-aarch64-static';

/** A machine with an entry for arm64 that nobody of anyarch made, whose emulator says that it is of this version. */
export function machineWithEmulator(
  version: string,
  options: FakeHostOptions = {},
  { name = 'qemu-aarch64', path = emulatorPath }: { readonly name?: string; readonly path?: string } = {},
): FakeHost {
  const host = fakeHost(options);
  host.addProgram(path);
  host.processes.on([path, '--version'], {
    stdout: `qemu-aarch64 version ${version} (Debian 1:${version}+dfsg-1)\n`,
  });
  host.binfmt.table().register(encodeUtf8(`:${name}:${aarch64Pattern}:${path}:F`));
  return host;
}
