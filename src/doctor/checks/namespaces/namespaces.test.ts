import { describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import { remedies, type Condition } from '../../../private-table/index.ts';
import type { Examination } from '../../examination.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import type { Verdict } from '../../verdict.ts';
import { idMapProgramsMissingIn } from './id-map-programs-missing.ts';
import { idMapProgramsPowerlessIn } from './id-map-programs-powerless.ts';
import { subordinateIdsFewIn } from './subordinate-ids-few.ts';
import { subordinateIdsMissingIn } from './subordinate-ids-missing.ts';
import { subordinateIdsOverlap } from './subordinate-ids-overlap.ts';
import { userNamespacesFilteredIn } from './user-namespaces-filtered.ts';
import { userNamespacesOffIn } from './user-namespaces-off.ts';
import { userNamespacesRestrictedIn } from './user-namespaces-restricted.ts';

const refusedMessage = readMessage('unshare: unshare failed: Operation not permitted');

function user(host: FakeHost = fakeHost({ system: { uid: 1000, gid: 1000 } })): FakeHost {
  host.processes.on(['id', '-un'], { stdout: 'me\n' });
  host.files.addFile('/proc/version', 'Linux version 6.18.0\n');
  return host;
}

function condition(id: Condition['id'], holds: boolean, remedy?: string): Condition {
  return { id, holds, evidence: `about ${id}`, ...(remedy === undefined ? {} : { remedy }) };
}

const fine = [condition('user-namespaces', true), condition('kernel', true)];

describe('user namespaces', () => {
  const checks: Readonly<Record<string, (one: Examination, conditions: readonly Condition[]) => Verdict>> = {
    off: userNamespacesOffIn,
    restricted: userNamespacesRestrictedIn,
    filtered: userNamespacesFilteredIn,
  };
  const blamed = (conditions: readonly Condition[]): string[] =>
    Object.entries(checks)
      .filter(([, check]) => check(examinationOf(user()), conditions).status === 'fault')
      .map(([name]) => name);

  it.each([
    [remedies.userNamespacesDisabled, 'off'],
    [remedies.noUserNamespacesLeft, 'off'],
    [remedies.kernelWithoutUserNamespaces, 'off'],
    [remedies.apparmor, 'restricted'],
    [remedies.container, 'filtered'],
    [remedies.refused, 'filtered'],
  ])('that need "%s" are the fault of one check: %s', (remedy, name) => {
    expect(blamed([condition('user-namespaces', false, remedy)])).toEqual([name]);
  });

  it('are nobody’s fault where they can be made, nor where only the kernel is too old', () => {
    expect(blamed(fine)).toEqual([]);
    const old = [condition('user-namespaces', true), condition('kernel', false, remedies.oldKernel)];
    expect(blamed(old)).toEqual([]);
    const refused = [condition('user-namespaces', true), condition('kernel', false, remedies.refused)];
    expect(blamed(refused)).toEqual(['filtered']);
  });

  it('are unknown where /proc is not mounted, which the trial needs', () => {
    const host = fakeHost({ system: { uid: 1000, gid: 1000 } });
    const conditions = [condition('user-namespaces', false, remedies.refused)];
    expect(userNamespacesFilteredIn(examinationOf(host), conditions)).toMatchObject({ status: 'unknown' });
  });

  it('are worth a note, and an error where somebody met it or is going to', () => {
    const conditions = [condition('user-namespaces', false, remedies.noUserNamespacesLeft)];
    const severity = (asked: Partial<Examination>, host = user()): unknown => {
      const verdict = userNamespacesOffIn(examinationOf(host, asked), conditions);
      return verdict.status === 'fault' && verdict.severity;
    };
    expect(severity({})).toBe('note');
    expect(severity({ scope: 'podman' })).toBe('error');
    expect(severity({ scope: 'podman' }, fakeHost())).toBe('note');
    expect(severity({ message: { ...refusedMessage, symptoms: ['namespace-refused'] } })).toBe('error');
  });

  it('are switched on by the setting that is off', () => {
    const conditions = [condition('user-namespaces', false, remedies.userNamespacesDisabled)];
    const host = user();
    host.files.addFile('/proc/sys/kernel/unprivileged_userns_clone', '0\n');
    expect(userNamespacesOffIn(examinationOf(host), conditions)).toMatchObject({
      remedies: [{ command: ['sysctl', '-w', 'kernel.unprivileged_userns_clone=1'] }, {}],
    });
    expect(userNamespacesOffIn(examinationOf(user()), conditions)).toMatchObject({
      remedies: [{ command: ['sysctl', '-w', 'user.max_user_namespaces=15000'] }, {}],
    });
  });
});

describe('ids', () => {
  it('need programs that are there and have the privilege; root needs neither', () => {
    const examination = examinationOf(user());
    const missing = [condition('id-map-programs', false, remedies.idMapPrograms)];
    const powerless = [condition('id-map-programs', false, remedies.idMapProgramsPowerless)];
    const unprivileged = [condition('id-map-programs', false, 'start it from a process without')];
    const there = [condition('id-map-programs', true)];
    const statuses = (conditions: readonly Condition[]): string[] => [
      idMapProgramsMissingIn(examination, conditions).status,
      idMapProgramsPowerlessIn(examination, conditions).status,
    ];
    expect(statuses(missing)).toEqual(['fault', 'skipped']);
    expect(statuses(powerless)).toEqual(['ok', 'fault']);
    expect(statuses(unprivileged)).toEqual(['ok', 'skipped']);
    expect(statuses(there)).toEqual(['ok', 'ok']);
    expect(statuses([])).toEqual(['skipped', 'skipped']);
  });

  it('are installed with the package manager that is there', () => {
    const missing = [condition('id-map-programs', false, remedies.idMapPrograms)];
    const host = user();
    expect(idMapProgramsMissingIn(examinationOf(host), missing)).toMatchObject({
      remedies: [{ command: ['dnf', 'install', 'shadow-utils'] }],
    });
    host.files.addFile('/usr/bin/apt-get', '');
    expect(idMapProgramsMissingIn(examinationOf(host), missing)).toMatchObject({
      remedies: [{ command: ['apt-get', 'install', 'uidmap'] }],
    });
  });

  it('are given where there are none, from what nobody has', () => {
    const host = user();
    host.files.addFile('/etc/subuid', 'other:100000:65536\n');
    const examination = examinationOf(host);
    expect(subordinateIdsMissingIn(examination, [condition('subordinate-ids', false)])).toMatchObject({
      status: 'fault',
      remedies: [
        { command: ['usermod', '--add-subuids', '165536-231071', '--add-subgids', '165536-231071', 'me'] },
        { command: ['podman', 'system', 'migrate'] },
      ],
    });
    expect(subordinateIdsMissingIn(examination, [condition('subordinate-ids', true)]).status).toBe('ok');
    expect(subordinateIdsMissingIn(examination, []).status).toBe('skipped');
  });

  it('may be too few, or not exist in a container', () => {
    const examination = examinationOf(user());
    const verdict = (mapped: boolean, enough: boolean): Verdict =>
      subordinateIdsFewIn(examination, [
        condition('subordinate-ids', true),
        condition('mapped-ids', mapped),
        condition('enough-ids', enough),
      ]);
    expect(verdict(true, true).status).toBe('ok');
    expect(verdict(true, false)).toMatchObject({
      status: 'fault',
      summary: 'there are only about enough-ids',
    });
    expect(verdict(false, true)).toMatchObject({ status: 'fault', summary: 'about mapped-ids' });
    expect(subordinateIdsFewIn(examination, []).status).toBe('skipped');
  });

  it('overlap: a warning where they are the own ones, a note where two users share them', () => {
    const verdictOf = (subuid: string): Verdict | Promise<Verdict> => {
      const host = user();
      host.files.addFile('/etc/subuid', subuid);
      return subordinateIdsOverlap.examine(examinationOf(host));
    };
    expect(verdictOf('me:100000:65536\nyou:165536:65536\n')).toMatchObject({ status: 'ok' });
    expect(verdictOf('me:100000:65536\nme:150000:10\n')).toMatchObject({
      severity: 'warning',
      remedies: [{ command: ['usermod', '--del-subuids', '150000-150009', 'me'] }],
    });
    expect(verdictOf('me:100000:65536\nyou:100000:65536\n')).toMatchObject({ severity: 'note' });
    expect(verdictOf('you:1:5\nyou:2:5\n')).toMatchObject({ severity: 'note' });
  });
});
