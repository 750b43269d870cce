import { beforeEach, describe, expect, test } from 'vitest';
import { state, uninstallMachine, type UninstallMachine } from './testing/uninstall-machine.ts';

let at: UninstallMachine;
beforeEach(() => {
  at = uninstallMachine();
});

describe('what cannot be removed', () => {
  test('holds up the records only', async () => {
    at.addEverything();
    at.install();
    at.host.files.fail({ errno: 'EROFS', method: 'remove', path: /^\/etc/ });
    const report = await at.run();
    expect(report.outcome).toBe('partial');
    expect(report.left).toMatchObject([
      { subject: '/etc/binfmt.d/anyarch-s390x.conf', error: { code: 'ANYARCH_READ_ONLY_SYSTEM' } },
      { subject: state },
    ]);
    expect(at.host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
    expect(at.host.files.status('/root/.cache/anyarch')).toBeUndefined();
    expect(at.host.files.status(`${state}/installed.json`)).toBeDefined();
  });

  test('what somebody changed stays without force, and beside with it', async () => {
    at.install();
    const path = '/etc/binfmt.d/anyarch-s390x.conf';
    at.host.files.addFile(path, 'theirs');
    expect(await at.run()).toMatchObject({
      outcome: 'partial',
      left: [{ subject: path }, { subject: state }],
    });
    expect(await at.run({ force: true })).toMatchObject({
      outcome: 'ok',
      left: [{ subject: `${path}.anyarch-saved` }],
    });
    expect(at.host.files.status(state)).toBeUndefined();
    expect(at.host.files.list('/etc/binfmt.d')).toEqual(['anyarch-s390x.conf.anyarch-saved']);
  });

  test('a state directory that is read-only', async () => {
    at.addEverything();
    at.host.files.fail({ errno: 'EROFS', path: /^\/var\/lib\/anyarch/, method: 'remove' });
    const report = await at.run();
    expect(report.outcome).toBe('partial');
    expect(report.left.filter(({ error }) => error?.code !== 'ANYARCH_READ_ONLY_SYSTEM')).toEqual([]);
    expect(at.host.files.status('/root/.cache/anyarch')).toBeUndefined();
  });

  test('a damaged ledger is told with what to do about it, and stays', async () => {
    at.addEverything();
    at.host.files.addFile(`${state}/registrations.json`, '{');
    at.addEntry(':jar:M::PK::/usr/bin/jexec:');
    const report = await at.run();
    expect(report.left[0]).toMatchObject({ error: { code: 'ANYARCH_LEDGER_INVALID' } });
    expect(at.host.files.status(`${state}/registrations.json`)).toBeDefined();
    expect(at.entries().size).toBe(1);
  });
});
