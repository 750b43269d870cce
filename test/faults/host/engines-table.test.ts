import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useHostTable } from '../../support/engines/host-table.ts';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { must, useEnginePlace, type EngineLaboratory } from '../../support/faults/engines/engine-place.ts';
import { startDockerPlace, startPodmanPlace } from '../../support/faults/engines/places.ts';
import { testFault } from '../../support/faults/fault.ts';
import { mustRun, writeToTable } from '../../support/faults/foreign.ts';
import { guests } from '../../support/fixtures/guests.ts';

const { s390x } = guests;
const image = `anyarch.test/busybox:${s390x.debian}`;
const required = [needs.root, needs.apt, needs.qemu, needs.hostTable];
const run = ['run', '--rm', '--network', 'none', '--platform', s390x.platform, image, '/bin/uname', '-m'];

describeWith([...required, needs.docker], "docker on the host's table", () => {
  useHostTable();
  const { open } = useEnginePlace(() => startDockerPlace([s390x]));
  const working = (): Promise<EngineLaboratory> => open({ registered: ['s390x'] });
  const docker = { command: () => ['docker', ...run], ask: () => ['docker', '--image', image] };

  testFault(working, {
    name: 'docker run, and the entry is gone',
    cause: 'entry-missing',
    inject: (laboratory) => mustRun(laboratory, 'unregister', 's390x'),
    ...docker,
  });

  testFault(working, {
    name: 'docker run, and the entry has its interpreter looked up in the container',
    cause: 'interpreter-not-in-root',
    alsoErrors: { 'engine-runs-no-foreign': 'it was tried in a container, too' },
    inject: async (laboratory) => {
      await mustRun(laboratory, 'unregister', 's390x');
      await mustRun(laboratory, 'register', 's390x', '--no-fix-binary');
    },
    ...docker,
  });

  testFault(working, {
    name: 'docker build, and the entry is gone',
    cause: 'entry-missing',
    inject: (laboratory) => mustRun(laboratory, 'unregister', 's390x'),
    command: (laboratory) => ['docker', ...build(laboratory)],
    ask: () => ['docker', '--image', image],
  });
});

describeWith([...required, needs.podman, needs.buildah], "podman and buildah on the host's table", () => {
  useHostTable();
  const { open } = useEnginePlace(() => startPodmanPlace([s390x]));
  const working = (): Promise<EngineLaboratory> => open({ registered: ['s390x'] });

  testFault(working, {
    name: 'podman run, and the entry is disabled',
    cause: 'entry-disabled',
    inject: async (laboratory) => {
      const { stdout } = await must(laboratory, 'ls', '/proc/sys/fs/binfmt_misc');
      const name = stdout.split('\n').find((one) => one.includes('s390x')) ?? '';
      await writeToTable(laboratory, name, '0');
    },
    command: () => ['podman', ...run],
    ask: () => ['podman', '--image', image],
  });

  testFault(working, {
    name: 'buildah build, and the entry is gone',
    cause: 'entry-missing',
    inject: (laboratory) => mustRun(laboratory, 'unregister', 's390x'),
    command: (laboratory) => ['buildah', ...build(laboratory)],
    ask: () => ['buildah', '--image', image],
  });
});

/** With a RUN of a foreign program. */
function build({ directory }: EngineLaboratory): string[] {
  const context = join(directory, 'context');
  mkdirSync(context, { recursive: true });
  const recipe = join(context, 'Dockerfile');
  writeFileSync(recipe, `FROM ${image}\nRUN uname -m\n`);
  return ['build', '--no-cache', '--network', 'none', '--platform', s390x.platform, '-f', recipe, context];
}
