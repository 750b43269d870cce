import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { useEnginePlace, type EngineLaboratory } from '../../support/faults/engines/engine-place.ts';
import { containersConfiguration, startVfsPodman } from '../../support/faults/engines/places.ts';
import { testFault } from '../../support/faults/fault.ts';
import { userLaboratory } from '../../support/faults/machine.ts';
import { guests } from '../../support/fixtures/guests.ts';

const { i386 } = guests;

describeWith([needs.root, needs.apt, needs.testUser, needs.podman], 'an engine that is not there', () => {
  const program = '/usr/bin/podman';
  testFault(userLaboratory, {
    name: 'podman is not installed',
    cause: 'engine-missing',
    isUntold: 'a directory of PATH that is closed to the user has the shell say something else',
    inject: ({ asRoot }) => asRoot(['mv', program, `${program}.away`]),
    command: () => ['sh', '-c', 'podman --version'],
    ask: () => ['podman'],
    // Installing it needs a mirror.
    remedy: ({ asRoot }) => asRoot(['mv', `${program}.away`, program]),
  });
});

describeWith([needs.root, needs.apt, needs.qemu, needs.podman], 'an engine that starts nothing', () => {
  const { open, place } = useEnginePlace(() => startVfsPodman(i386));
  const configure = (runtime: string): Promise<void> => {
    const { configuration } = place();
    writeFileSync(configuration, containersConfiguration(dirname(configuration), runtime));
    return Promise.resolve();
  };
  const openWorking = async (): Promise<EngineLaboratory> => {
    await configure('wrapper');
    return open();
  };

  for (const exitCode of [0, 1])
    testFault(openWorking, {
      name: `the runtime ends with ${exitCode} and has run nothing`,
      cause: 'engine-starts-nothing',
      inject: () => {
        const runtime = join(dirname(place().configuration), `runtime-${exitCode}`);
        writeFileSync(runtime, `#!/bin/sh\nexit ${exitCode}\n`, { mode: 0o755 });
        return configure(runtime);
      },
      command: () => [
        ...['podman', 'run', '--rm', '--network', 'none', '--platform', i386.platform],
        ...[`anyarch.test/busybox:${i386.debian}`, '/bin/uname', '-m'],
      ],
      works: ({ exitCode: ended, stdout }) => ended === 0 && stdout !== '',
      ask: () => ['podman'],
      remedy: () => configure('wrapper'),
    });
});
