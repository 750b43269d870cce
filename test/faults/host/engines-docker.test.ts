import { chmodSync, readFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { run } from '../../support/command.ts';
import { useHostTable } from '../../support/engines/host-table.ts';
import { startRegistry, type Registry } from '../../support/engines/registry.ts';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { asUser } from '../../support/engines/user.ts';
import { must, useEnginePlace } from '../../support/faults/engines/engine-place.ts';
import { importedRoot, rebuiltRoot } from '../../support/faults/engines/imported-root.ts';
import { pushMultiPlatform } from '../../support/faults/engines/multi-platform.ts';
import { startDockerPlace } from '../../support/faults/engines/places.ts';
import { testFault } from '../../support/faults/fault.ts';
import { mustRun } from '../../support/faults/foreign.ts';
import { laboratoryWith, privateLaboratory, type Laboratory } from '../../support/faults/laboratory.ts';
import { guests } from '../../support/fixtures/guests.ts';

const { arm64, s390x, riscv64 } = guests;
const image = `anyarch.test/busybox:${s390x.debian}`;
const runOf = (reference: string, platform: string): string[] => [
  ...['docker', 'run', '--rm', '--network', 'none', '--platform', platform],
  ...[reference, '/bin/uname', '-m'],
];

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.docker, needs.testUser, needs.registry],
  'docker, its daemon and its images',
  () => {
    useHostTable();
    const { open, place } = useEnginePlace(() => startDockerPlace([s390x]));
    let registry: Registry;
    beforeAll(async () => {
      registry = await startRegistry();
    });
    afterAll(async () => {
      await registry.stop();
    });

    testFault(open, {
      name: 'DOCKER_HOST is the socket of a daemon that is not there',
      cause: 'engine-not-running',
      inject: ({ environment }) => {
        environment['DOCKER_HOST'] = 'unix:///run/anyarch-test-nobody.sock';
        return Promise.resolve();
      },
      command: () => ['docker', 'version'],
      ask: () => ['docker'],
      remedy: ({ environment }) => {
        environment['DOCKER_HOST'] = place().environment['DOCKER_HOST'];
        return Promise.resolve();
      },
    });

    const openAndContinue = async (): Promise<Laboratory> => {
      const laboratory = await open();
      return {
        ...laboratory,
        close: async () => {
          // The other tests have the same daemon.
          await signal('CONT');
          await laboratory.close();
        },
      };
    };
    testFault(openAndContinue, {
      name: 'the daemon is stopped and answers nobody',
      cause: 'engine-hangs',
      inject: () => signal('STOP'),
      command: () => ['timeout', '2', 'docker', 'version'],
      ask: () => ['docker'],
      remedy: () => signal('CONT'),
    });

    testFault(openAsUser, {
      name: 'the socket is of root alone',
      cause: 'engine-socket-refused',
      inject: () => {
        chmodSync(place().socket, 0o600);
        return Promise.resolve();
      },
      command: () => ['docker', 'version'],
      ask: () => ['docker'],
      remedy: () => {
        chmodSync(place().socket, 0o666);
        return Promise.resolve();
      },
    });

    testFault(() => open({ registered: ['s390x'] }), {
      name: 'docker import stores another platform than was asked for',
      cause: 'image-mislabelled',
      isBrokenFromTheStart: true,
      inject: (laboratory) => importedRoot(laboratory, s390x, 'localhost/imported'),
      command: () => runOf('localhost/imported', s390x.platform),
      ask: () => ['docker', '--image', 'localhost/imported'],
      remedy: (laboratory) => rebuiltRoot(laboratory, s390x, 'localhost/imported'),
    });

    testFault(
      async () => {
        const laboratory = await open({ registered: ['s390x'] });
        const reference = await pushMultiPlatform(registry, [arm64, s390x]);
        await must(laboratory, 'docker', 'pull', '--platform', s390x.platform, reference);
        return laboratory;
      },
      {
        name: 'the image was pulled again for another platform',
        cause: 'image-platform-differs',
        inject: (laboratory) => must(laboratory, 'docker', 'pull', '--platform', arm64.platform, reference()),
        command: () => [
          ...['docker', 'run', '--rm', '--network', 'none', '--pull', 'never', '--platform'],
          ...[s390x.platform, reference(), '/bin/uname', '-m'],
        ],
        ask: () => ['docker', '--image', reference()],
      },
    );

    testFault(() => open({ registered: ['riscv64'] }), {
      name: 'nobody has made the image for the platform',
      cause: 'image-lacks-platform',
      isBrokenFromTheStart: true,
      inject: () => pushMultiPlatform(registry, [arm64, s390x]),
      command: () => runOf(reference(), riscv64.platform),
      ask: () => ['docker', '--image', reference()],
      remedy: () => pushMultiPlatform(registry, [arm64, s390x, riscv64]),
    });

    testFault(open, {
      name: 'the image was removed, and its registry has it',
      cause: 'image-not-here',
      isBrokenFromTheStart: true,
      inject: async (laboratory) => {
        await must(laboratory, 'docker', 'tag', image, single());
        await must(laboratory, 'docker', 'push', single());
        await must(laboratory, 'docker', 'image', 'rm', single());
      },
      command: () => ['docker', 'image', 'inspect', '--format', '{{.Id}}', single()],
      ask: () => ['docker', '--image', single()],
    });

    describeElsewhere();

    function reference(): string {
      return `${registry.name}/busybox:latest`;
    }

    function single(): string {
      return `${registry.name}/single:latest`;
    }

    async function signal(name: 'STOP' | 'CONT'): Promise<void> {
      await run(['kill', `-${name}`, readFileSync(place().pidFile, 'utf8').trim()]);
    }

    /** The daemon is root's, the client an ordinary user's. */
    function openAsUser(): Promise<Laboratory> {
      chmodSync(place().socket, 0o666);
      const environment = { ...place().environment, ANYARCH_HOME: '/tmp/anyarch-test-none', HOME: '/' };
      return Promise.resolve(laboratoryWith(asUser, () => Promise.resolve(), environment));
    }

    /** The client has a table with the entry, and the daemon, which it only has an address of, another one without. */
    function describeElsewhere(): void {
      let proxy: Server;
      beforeAll(async () => {
        proxy = createServer((client) => {
          const daemon = connect(place().socket);
          for (const [one, other] of [
            [client, daemon],
            [daemon, client],
          ] as const)
            one.on('error', () => other.destroy()).pipe(other);
        });
        await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      });
      afterAll(() => {
        proxy.close();
      });
      const openElsewhere = async (): Promise<Laboratory> => {
        const inside = await privateLaboratory();
        await mustRun(inside, 'register', 's390x');
        const { port } = proxy.address() as AddressInfo;
        const address = `DOCKER_HOST=tcp://127.0.0.1:${port}`;
        return {
          ...inside,
          run: (command, input) => inside.run(['env', address, ...command], input),
          anyarch: async (args, input) => {
            const result = await inside.run(['env', address, 'anyarch', ...args], input);
            return { ...result, json: () => JSON.parse(result.stdout) as unknown };
          },
        };
      };
      testFault(openElsewhere, {
        name: "the daemon is on another machine, as it were, whose table lacks what this one's has",
        cause: 'engine-elsewhere',
        isUntold: 'what the container prints does not come through the proxy',
        isBrokenFromTheStart: true,
        inject: () => Promise.resolve(),
        command: () => runOf(image, s390x.platform),
        ask: () => ['docker', '--image', image],
        remedy: async () => {
          // What the remedy's container does: it registers on the table of the daemon's machine.
          const there = await open({ registered: ['s390x'] });
          closeLater.push(() => there.close());
        },
      });
    }
    const closeLater: (() => Promise<void>)[] = [];
    afterAll(async () => {
      for (const close of closeLater) await close();
    });
  },
);
