import { beforeEach, describe, expect, test } from 'vitest';
import { fakeHost, type FakeHost } from '../host/testing/fake-host.ts';
import { applyFiles } from '../installed-files/index.ts';
import { recordWantedTable } from '../private-table/index.ts';
import { uninstall } from './uninstall.ts';

const home = '/home/ann';
const state = `${home}/.local/share/anyarch`;
const dropIn = `${home}/.config/containers/containers.conf.d/zz-anyarch-podman.conf`;
const note =
  '# Made by "anyarch rootless enable podman", removed by "anyarch rootless disable podman".\n[engine]\n';

let host: FakeHost;
beforeEach(() => {
  host = fakeHost({ system: { uid: 1000, gid: 1000, environment: { HOME: home, PATH: '/usr/bin' } } });
  const mine = { uid: 1000, gid: 1000 };
  host.files.addDirectory(home, { mode: 0o700, ...mine });
  host.files.addDirectory(`${home}/.config`, mine);
  host.files.addDirectory(`${home}/.config/containers`, mine);
  host.files.addFile(`${home}/.config/containers/containers.conf`, '[engine]\n', mine);
  host.files.makeDirectory(`${state}/rootless`);
});

function enable(): void {
  recordWantedTable(host, state, { schema: 1, architectures: [], at: '2026-01-01T00:00:00Z', by: 'test' });
  host.files.addFile(`${state}/rootless/anyarch`, 'program', { mode: 0o755, uid: 1000 });
  host.files.addFile(`${state}/rootless-failure.json`, '{"schema":1}', { uid: 1000 });
  applyFiles(host, state, 'rootless-podman', [
    { path: `${state}/rootless/podman/hooks.d/anyarch.json`, content: '{}\n' },
    { path: dropIn, content: note },
  ]);
}

const run = () => uninstall(host, { workingDirectory: home });

describe('what rootless enable made', () => {
  test('goes, and what the user has stays', async () => {
    enable();
    const report = await run();
    expect(report).toMatchObject({ outcome: 'ok', left: [] });
    expect(report.removed).toContainEqual({ kind: 'configuration', subject: dropIn });
    expect(host.files.status(state)).toBeUndefined();
    expect(host.files.list(`${home}/.config/containers`)).toEqual(['containers.conf']);
  });

  test('goes without its records, too', async () => {
    enable();
    host.files.remove(`${state}/installed.json`);
    host.files.remove(`${state}/rootless.json`);
    expect(await run()).toMatchObject({ outcome: 'ok' });
    expect(host.files.status(dropIn)).toBeUndefined();
    expect(host.files.status(state)).toBeUndefined();
  });

  test('stays with an error where somebody changed it', async () => {
    enable();
    host.files.addFile(dropIn, `${note}runtime = "crun"\n`, { uid: 1000 });
    const report = await run();
    expect(report.outcome).not.toBe('ok');
    expect(report.left).toContainEqual(
      expect.objectContaining({
        subject: dropIn,
        error: expect.objectContaining({ code: 'ANYARCH_FILE_CHANGED' }) as unknown,
      }),
    );
    expect(host.files.status(dropIn)?.kind).toBe('file');
  });

  test("a file of the user's at our path stays", async () => {
    host.files.addDirectory(`${home}/.config/containers/containers.conf.d`, { uid: 1000 });
    host.files.addFile(dropIn, '[engine]\nruntime = "crun"\n', { uid: 1000 });
    expect(await run()).toMatchObject({ outcome: 'ok' });
    expect(host.files.status(dropIn)?.kind).toBe('file');
  });
});
