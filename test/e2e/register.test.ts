import { expect, test } from 'vitest';
import { anyarch } from '../support/engines/cli.ts';
import { startDocker } from '../support/engines/docker.ts';
import { runGuest, useEngine } from '../support/engines/engine.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { startPodman } from '../support/engines/podman.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { containerGuests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const platforms = containerGuests.map((guest) => guest.platform);
const engines = [
  { name: 'docker', start: startDocker },
  { name: 'podman', start: startPodman },
] as const;

for (const { name, start } of engines) {
  describeWith(
    [needs.root, needs.apt, needs.qemu, needs.hostTable, needs[name]],
    `${name} after anyarch register`,
    () => {
      const table = useHostTable();
      const engine = useEngine(start, containerGuests);
      const home = temporaryDirectory('home');

      test.each(containerGuests)('$platform does not run before', async (guest) => {
        const refused = await runGuest(engine, guest, ['uname', '-m']);
        expect(refused.stderr).toContain('exec format error');
        expect(refused.exitCode).not.toBe(0);
      });

      test('anyarch register succeeds', async () => {
        const registered = await anyarch(['register', ...platforms, '--json'], { home });
        expect(registered).toMatchObject({ exitCode: 0 });
        expect(registered.json()).toMatchObject({ outcome: 'ok' });
        expect(table.state().entries.size).toBeGreaterThanOrEqual(platforms.length);
      });

      test.each(containerGuests)('$platform runs', async (guest) => {
        const uname = await runGuest(engine, guest, ['uname', '-m']);
        expect(uname).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
      });

      test.each(containerGuests)('$platform runs privileged, with its exit code', async (guest) => {
        const result = await runGuest(engine, guest, ['sh', '-c', 'exit 42'], ['--privileged']);
        expect(result).toMatchObject({ exitCode: 42, stderr: '' });
      });

      test('anyarch unregister succeeds and leaves nothing behind', async () => {
        const unregistered = await anyarch(['unregister', ...platforms, '--json'], { home });
        expect(unregistered).toMatchObject({ exitCode: 0 });
        table.expectUnchanged();
      });

      test.each(containerGuests)('$platform does not run after', async (guest) => {
        const refused = await runGuest(engine, guest, ['uname', '-m']);
        expect(refused.stderr).toContain('exec format error');
        expect(refused.exitCode).not.toBe(0);
      });
    },
  );
}
