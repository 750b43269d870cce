import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findArchitecture } from '../../../src/core/architecture.ts';
import { parseFlags } from '../../../src/core/flags.ts';
import { buildStaticExecutable } from '../../../src/core/launcher/static-executable.ts';
import { formatRule } from '../../../src/core/rule.ts';
import { containersUser } from '../../support/engines/containers-user.ts';
import { dockerClient } from '../../support/engines/docker.ts';
import { useHostTable } from '../../support/engines/host-table.ts';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { must, useEnginePlace } from '../../support/faults/engines/engine-place.ts';
import { startDockerPlace, startVfsPodman } from '../../support/faults/engines/places.ts';
import { privateLaboratory, type Laboratory } from '../../support/faults/laboratory.ts';
import { guests } from '../../support/fixtures/guests.ts';

const { i386, s390x } = guests;
const required = [needs.root, needs.apt, needs.qemu];
type Engine = 'docker' | 'podman';

/** Podman before 4.9 does so for a user who has no session. */
function startsBus(version: string): boolean {
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return major < 4 || (major === 4 && minor < 9);
}

/** What an engine keeps, by its numbers. */
async function keptBy(laboratory: Laboratory, engine: Engine): Promise<Record<string, string[]>> {
  const listed = async (...words: string[]): Promise<string[]> =>
    (await must(laboratory, engine, ...words)).stdout.split('\n').sort();
  return {
    containers: await listed('ps', '--all', '--quiet'),
    images: await listed('images', '--all', '--quiet'),
    volumes: await listed('volume', 'ls', '--quiet'),
  };
}

/** An image whose containers get a volume each. */
async function imageWithVolume(laboratory: Laboratory, engine: Engine, base: string): Promise<string> {
  const recipe = join(laboratory.directory, 'Dockerfile');
  writeFileSync(recipe, `FROM ${base}\nVOLUME /data\n`);
  const image = 'localhost/with-volume';
  await must(laboratory, engine, 'build', '-t', image, '-f', recipe, laboratory.directory);
  return image;
}

async function createsVolume(laboratory: Laboratory, engine: Engine, image: string): Promise<void> {
  const before = await keptBy(laboratory, engine);
  await must(laboratory, engine, 'create', '--name', 'anyarch-test-volume', '--network', 'none', image);
  await must(laboratory, engine, 'rm', 'anyarch-test-volume');
  const after = await keptBy(laboratory, engine);
  expect(after['volumes']).not.toEqual(before['volumes']);
}

describeWith([...required, needs.podman], 'what is left in podman', () => {
  const { open } = useEnginePlace(() => startVfsPodman(i386));

  test('is no volume after a look into an image that has one', async () => {
    const laboratory = await open();
    const image = await imageWithVolume(laboratory, 'podman', `anyarch.test/busybox:${i386.debian}`);
    await createsVolume(laboratory, 'podman', image);
    const before = await keptBy(laboratory, 'podman');
    const { stdout } = await laboratory.anyarch(['doctor', 'podman', '--image', image, '--json']);
    expect(stdout).toContain('in it is a program for i386');
    expect(await keptBy(laboratory, 'podman')).toEqual(before);
  });
});

describeWith([...required, needs.podman, needs.testUser], "what is left of a user's podman", () => {
  test('is no bus that was started for a look at it', async () => {
    const user = await containersUser([]);
    const programs = join(user.home.directory, 'bin');
    mkdirSync(programs);
    const launched = join(user.home.directory, 'launched');
    writeFileSync(join(programs, 'dbus-launch'), `#!/bin/sh\n: > ${launched}\nexit 1\n`, { mode: 0o755 });
    const environment = {
      DBUS_SESSION_BUS_ADDRESS: undefined,
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    };
    try {
      const { causes } = (await user.anyarch(['doctor', 'podman'], environment)).json() as {
        causes: string[];
      };
      expect(causes).not.toContain('engine-fails');
      expect(existsSync(launched)).toBe(false);
      // With its first command, that is: whenever it has no process that holds its namespaces.
      await user.as(['podman', 'system', 'migrate']);
      await user.as(['podman', 'info'], { environment });
      expect(existsSync(launched)).toBe(startsBus((await user.as(['podman', '--version'])).stdout));
    } finally {
      await user.stop();
    }
  });
});

describeWith([...required, needs.hostTable, needs.docker], 'what is left in docker', () => {
  const table = useHostTable();
  const { open, place } = useEnginePlace(() => startDockerPlace([s390x]));

  test('is nothing after a look into an image with volumes', async () => {
    const laboratory = await open();
    const image = await imageWithVolume(laboratory, 'docker', `anyarch.test/busybox:${s390x.debian}`);
    await createsVolume(laboratory, 'docker', image);
    const before = await keptBy(laboratory, 'docker');
    const { stdout } = await laboratory.anyarch(['doctor', 'docker', '--image', image, '--json']);
    expect(stdout).toContain('in it is a program for s390x');
    expect(await keptBy(laboratory, 'docker')).toEqual(before);
  });

  test('is nothing after a container that did not end', async () => {
    const laboratory = await privateLaboratory();
    symlinkSync(dockerClient, join(laboratory.directory, 'bin', 'docker'));
    const address = `DOCKER_HOST=${place().environment['DOCKER_HOST'] ?? ''}`;
    const inside: Laboratory = {
      ...laboratory,
      run: (command, input) => laboratory.run(['env', address, ...command], input),
    };
    const emulator = join(laboratory.directory, 'waits');
    writeFileSync(emulator, waitingProgram(), { mode: 0o755 });
    const { magic, mask, offset } = findArchitecture('s390x');
    const name = 'anyarch-test-waits';
    const flags = parseFlags('F');
    // Of the daemon alone: where the client's programs hang, too, no container is made at all.
    table.register(
      new TextDecoder().decode(
        formatRule({ name, kind: 'magic', offset, magic, mask, interpreter: emulator, flags }),
      ),
    );
    try {
      const before = await keptBy(inside, 'docker');
      const image = `anyarch.test/busybox:${s390x.debian}`;
      const { stdout } = await inside.run(['anyarch', 'doctor', 'docker', '--image', image, '--json']);
      expect(stdout).toContain('no container has ended within');
      expect(await keptBy(inside, 'docker')).toEqual(before);
    } finally {
      table.remove(name);
      await laboratory.close();
    }
  });
});

/** x86-64: waits for a signal, again and again. */
function waitingProgram(): Uint8Array {
  // mov eax, 34 (pause); syscall; jmp back
  const code = new Uint8Array([0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7]);
  return buildStaticExecutable({ class: 64, endianness: 'little', machine: 62 }, code);
}
