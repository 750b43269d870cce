import { describe, expect, it } from 'vitest';
import type { FakeHost } from '../../../host/testing/index.ts';
import { enablePersistence } from '../../../persistence/index.ts';
import { state, systemdHost } from '../../../persistence/testing/persistence-host.ts';
import { register } from '../../../registration/index.ts';
import type { Check } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import { bootChecks } from './index.ts';
import { lostAtBoot } from './lost-at-boot.ts';
import { notPersisted } from './not-persisted.ts';
import { persistedNotInForce } from './persisted-not-in-force.ts';
import { persistenceBroken } from './persistence-broken.ts';
import { rootlessBroken } from './rootless-broken.ts';

const examine = async (check: Check, host: FakeHost, asked: Partial<Examination> = {}) =>
  await check.examine(examinationOf(host, asked));
const lost: Partial<Examination> = {
  message: { ...readMessage('gone after a reboot'), symptoms: ['registration-lost'] },
};

async function persistedHost(): Promise<FakeHost> {
  const host = systemdHost();
  await enablePersistence(host, { architectures: ['s390x'] });
  return host;
}

function reboot(host: FakeHost): void {
  host.files.addFile('/proc/sys/kernel/random/boot_id', '00000000-62f9-4b7e-a8a7-3d2f5c0e9b11\n');
  for (const name of host.binfmt.table().list()) host.binfmt.table().control(name, '-1');
}

it('has nothing to say of an ordinary machine', async () => {
  for (const check of bootChecks)
    expect(['ok', 'skipped']).toContain((await examine(check, systemdHost())).status);
});

describe('what is persisted', () => {
  it('survives', async () => {
    const host = await persistedHost();
    for (const check of [persistenceBroken, persistedNotInForce, notPersisted, lostAtBoot])
      expect([check.id, (await examine(check, host)).status]).toEqual([check.id, 'ok']);
  });

  it('does not survive without its copy', async () => {
    const host = await persistedHost();
    host.files.remove('/usr/local/lib/anyarch/current');
    expect(await examine(persistenceBroken, host)).toMatchObject({
      severity: 'warning',
      architectures: ['s390x'],
      remedies: [{ command: ['anyarch', 'persist', 'enable', 's390x'], by: 'anyarch' }],
    });
    expect(await examine(persistenceBroken, host, lost)).toMatchObject({ severity: 'error' });
  });

  it('was taken out of the table since', async () => {
    const host = await persistedHost();
    host.binfmt.table().control('qemu-s390x', '-1');
    expect(await examine(persistedNotInForce, host)).toMatchObject({
      severity: 'warning',
      remedies: [{ command: ['anyarch', 'register', 's390x'] }],
    });
  });

  it('is none of a user namespace’s business', async () => {
    const host = await persistedHost();
    host.files.addFile('/proc/self/uid_map', '0 1000 1\n');
    for (const check of [persistedNotInForce, notPersisted, lostAtBoot])
      expect(await examine(check, host)).toMatchObject({ status: 'skipped' });
  });
});

describe('what is not persisted', () => {
  it('is there until the next boot only, and gone behind it', async () => {
    const host = systemdHost();
    register(host, { architectures: ['s390x'] });
    expect(await examine(notPersisted, host)).toMatchObject({ severity: 'note', architectures: ['s390x'] });
    expect(await examine(lostAtBoot, host)).toMatchObject({ status: 'ok' });
    reboot(host);
    expect(await examine(notPersisted, host)).toMatchObject({ status: 'ok' });
    expect(await examine(lostAtBoot, host)).toMatchObject({ severity: 'note', architectures: ['s390x'] });
    expect(await examine(lostAtBoot, host, lost)).toMatchObject({
      severity: 'error',
      remedies: [{ command: ['anyarch', 'register', 's390x'] }, {}],
    });
    register(host, { architectures: ['s390x'] });
    expect(await examine(lostAtBoot, host)).toMatchObject({ status: 'ok' });
  });
});

describe('engines without root', () => {
  it('are nobody’s business where none was enabled', async () => {
    expect(await examine(rootlessBroken, systemdHost())).toMatchObject({ status: 'skipped' });
  });

  it('cannot be looked at where the record is damaged, which is said', async () => {
    const host = systemdHost();
    const environment = { ...host.system.environment, ANYARCH_HOME: state };
    host.files.addFile(`${state}/rootless.json`, '{');
    const asUser = { ...host, system: { ...host.system, uid: 1000, environment } };
    await expect(rootlessBroken.examine(examinationOf(asUser))).rejects.toThrowWithCode(
      'ANYARCH_STATE_INVALID',
    );
  });
});
