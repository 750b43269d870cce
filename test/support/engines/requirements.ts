import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runDirectory } from '../temporary.ts';
import { dockerClient, dockerDaemon } from './docker.ts';
import { podmanClient } from './podman.ts';
import { registryProgram } from './registry.ts';
import { rootlessStarter } from './rootless-docker.ts';
import { machineProgram } from '../vm/program.ts';

/** Something outside the repository that a suite cannot do without. */
export interface Requirement {
  /** Why the suite cannot run here; undefined when it can. */
  readonly missing: () => string | undefined;
}

export const needs = {
  root: { missing: () => (process.getuid?.() === 0 ? undefined : 'needs root') },
  docker: {
    missing: () =>
      missingProgram(dockerClient) ?? missingProgram(dockerDaemon) ?? missingProgram('/usr/sbin/runc'),
  },
  podman: { missing: () => missingProgram(podmanClient) ?? missingProgram('/usr/sbin/runc') },
  rootlessDocker: {
    missing: () =>
      missingProgram(rootlessStarter) ??
      missingProgram(dockerDaemon) ??
      missingProgram('/usr/bin/rootlesskit') ??
      missingProgram('/usr/sbin/runc'),
  },
  apptainer: {
    missing: () =>
      missingProgram('/usr/bin/patchelf') ??
      missingProgram('/usr/bin/mksquashfs') ??
      missingProgram('/usr/bin/squashfuse'),
  },
  bwrap: { missing: () => missingProgram('/usr/bin/bwrap') },
  registry: { missing: () => missingProgram(registryProgram) },
  skopeo: { missing: () => missingProgram('/usr/bin/skopeo') },
  mmdebstrap: {
    missing: () => missingProgram('/usr/bin/mmdebstrap') ?? missingProgram('/usr/bin/arch-test'),
  },
  systemQemu: {
    missing: () => missingProgram(machineProgram) ?? missingProgram('/usr/bin/mmdebstrap'),
  },
  chromium: { missing: () => missingProgram('/usr/bin/chromium') },
  apt: { missing: () => missingProgram('/usr/bin/apt-get') },
  systemdBinfmt: { missing: () => missingProgram('/usr/lib/systemd/systemd-binfmt') },
  updateBinfmts: { missing: () => missingProgram('/usr/sbin/update-binfmts') },
  qemu: {
    missing: () =>
      process.env['ANYARCH_TEST_QEMU_DIR'] === undefined
        ? 'needs QEMU, which could not be fetched'
        : undefined,
  },
  hostTable: {
    missing: () =>
      knownFileSystems().includes('binfmt_misc') ? undefined : 'needs a kernel with binfmt_misc',
  },
  testUser: {
    missing: () =>
      /^anyarch-test:/m.test(readFileSync('/etc/passwd', 'utf8')) ? undefined : 'needs the user anyarch-test',
  },
  secondUser: {
    missing: () =>
      /^anyarch-test2:/m.test(readFileSync('/etc/passwd', 'utf8'))
        ? undefined
        : 'needs the user anyarch-test2',
  },
  buildah: { missing: () => missingProgram('/usr/bin/buildah') ?? missingProgram('/usr/sbin/runc') },
} as const satisfies Record<string, Requirement>;

/**
 * A suite that runs only where its requirements are met. Where they are not it is skipped with the reasons in its
 * name; under ANYARCH_E2E=required it fails, since a suite that was skipped proves nothing.
 */
export function describeWith(requirements: readonly Requirement[], name: string, body: () => void): void {
  const reasons = requirements
    .map((requirement) => requirement.missing())
    .filter((reason) => reason !== undefined);
  const met = reasons.length === 0;
  const title = met ? name : `${name} (${reasons.join(', ')})`;
  appendFileSync(join(runDirectory(), met ? 'ran' : 'skipped'), `${title}\n`);
  const required = process.env['ANYARCH_E2E'] === 'required';
  // eslint-disable-next-line vitest/valid-title -- the caller's
  describe.skipIf(!met && !required)(title, () => {
    if (met) {
      body();
      return;
    }
    test('has what it needs (scripts/setup-debian.mjs installs it)', () => {
      expect(reasons).toEqual([]);
    });
  });
}

/** @returns what to say when suites were skipped and none ran; asked when the run is over */
export function nothingRan(): string | undefined {
  const skipped = join(runDirectory(), 'skipped');
  if (!existsSync(skipped) || existsSync(join(runDirectory(), 'ran'))) return undefined;
  return `Every suite was skipped, so nothing is proven:\n${readFileSync(skipped, 'utf8')}`;
}

function missingProgram(path: string): string | undefined {
  return existsSync(path) ? undefined : `needs ${path}`;
}

function knownFileSystems(): string[] {
  return readFileSync('/proc/filesystems', 'utf8').split(/\s+/);
}
