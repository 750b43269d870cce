import { expect, test } from 'vitest';
import { explainMatch } from '../core/match.ts';
import type { Host } from '../host/host.ts';
import { killedAt } from '../../test/support/registration/killed-at.ts';
import { register } from './register.ts';
import { unregister } from './unregister.ts';
import { sampleHeader } from './sample.ts';
import { findArchitecture } from '../core/architecture.ts';
import { readLedger } from './ledger.ts';
import {
  aarch64Pattern,
  install,
  registrationHost,
  state,
  type RegistrationHost,
} from './testing/registration-host.ts';

class Killed extends Error {}

const theirs = [':jar:M::PK\\x03\\x04::/usr/bin/jexec:', `:other:${aarch64Pattern}:/opt/emulator:`];

function prepare(): RegistrationHost {
  const prepared = registrationHost(['aarch64', 'riscv64']);
  for (const rule of theirs) prepared.addEntry(rule);
  return prepared;
}

/** A lock that a killed process leaves is the lock's concern: here the process is gone as well. */
function removeLock({ host }: RegistrationHost): void {
  host.files.remove(`${state}/registrations.lock`);
}

const isCovered = ({ host }: RegistrationHost): boolean =>
  ['riscv64', 'aarch64'].every((name) => {
    const { winner } = explainMatch(
      { header: sampleHeader(findArchitecture(name)), fileName: '/x' },
      { enabled: true, entries: host.binfmt.fake.entries.map(({ entry }) => entry) },
    );
    // Somebody else has an older entry for aarch64, which does not count.
    return winner !== undefined && winner.name !== 'other';
  });

type Command = (prepared: RegistrationHost, host: Host) => void;

const registerBoth: Command = ({ emulators }, host) => {
  register(host, { architectures: ['arm64', 'riscv64'], choose: (target) => emulators.get(target)! });
};

const commands: Record<string, { before: Command; command: Command; names: string[]; covered: boolean }> = {
  add: {
    before: () => undefined,
    command: registerBoth,
    names: ['qemu-aarch64', 'qemu-riscv64'],
    covered: false,
  },
  replace: {
    before: (prepared, host) => {
      registerBoth(prepared, host);
      for (const target of ['aarch64', 'riscv64'])
        prepared.emulators.set(target, install(prepared.host, target, '12.0.0'));
    },
    command: registerBoth,
    names: ['qemu-aarch64', 'qemu-riscv64'],
    covered: true,
  },
  unregister: {
    before: registerBoth,
    command: (_, host) => {
      unregister(host, { architectures: 'all' });
    },
    names: [],
    covered: false,
  },
};

test.each(Object.entries(commands))(
  '%s, killed before any change, is finished by the next run',
  (_, { before, command, names, covered }) => {
    let finished = false;
    let kills = 0;
    for (let n = 0; !finished; n += 1) {
      const prepared = prepare();
      before(prepared, prepared.host);
      const others = theirEntries(prepared);
      const doomed = killedAt(prepared.host, n, () => {
        throw new Killed();
      });
      try {
        command(prepared, doomed.host);
        finished = true;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills += 1;
      }
      expect(theirEntries(prepared)).toEqual(others);
      expect(isCovered(prepared) || !covered).toBe(true);

      removeLock(prepared);
      command(prepared, prepared.host);
      expect(theirEntries(prepared)).toEqual(others);
      expect(
        [...prepared.entries().keys()].filter((name) => !['jar', 'other'].includes(name)).sort(),
      ).toEqual(names);
      const records = readLedger(prepared.host, state).registrations;
      expect(records.map(({ name }) => name).sort()).toEqual(names);
      expect(records.every((record) => record.state === 'made')).toBe(true);
    }
    expect(kills).toBeGreaterThan(5);
  },
);

function theirEntries(prepared: RegistrationHost): (string | undefined)[] {
  return ['jar', 'other'].map((name) => prepared.entries().get(name));
}
