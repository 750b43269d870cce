import { describe, expect, test } from 'vitest';
import { startDocker } from '../support/engines/docker.ts';
import { runGuest, useEngine } from '../support/engines/engine.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { startPodman } from '../support/engines/podman.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';
import { debianRule } from '../support/fixtures/rules.ts';

// The proof that these tests' engines, images and table are real: what anyarch is to do, done by hand.
// One of each endianness; anyarch's own test has them all.
const examples = [guests.arm64, guests.s390x];
const engines = [
  { name: 'docker', start: startDocker },
  { name: 'podman', start: startPodman },
] as const;

for (const { name, start } of engines) {
  describeWith(
    [needs.root, needs.apt, needs.qemu, needs.hostTable, needs[name]],
    `${name} with a rule made by hand`,
    () => {
      const table = useHostTable();
      const engine = useEngine(start, examples);

      describe.each(examples)('$platform', (guest) => {
        const rule = `anyarch-test-${guest.debian}`;

        test('cannot run before', async () => {
          const refused = await runGuest(engine, guest, ['uname', '-m']);
          expect(refused).toMatchObject({
            stdout: '',
            stderr: expect.stringContaining('exec format error') as string,
          });
          expect(refused.exitCode).not.toBe(0);
        });

        test('runs while the rule is there, also privileged', async () => {
          table.register((await debianRule(guest, rule)).text);
          try {
            expect(await runGuest(engine, guest, ['uname', '-m'])).toMatchObject({
              exitCode: 0,
              stdout: `${guest.machine}\n`,
            });
            expect(await runGuest(engine, guest, ['sh', '-c', 'exit 42'], ['--privileged'])).toMatchObject({
              exitCode: 42,
            });
          } finally {
            table.remove(rule);
          }
        });

        test('cannot run after', async () => {
          const refused = await runGuest(engine, guest, ['uname', '-m']);
          expect(refused.stderr).toContain('exec format error');
          expect(refused.exitCode).not.toBe(0);
          table.expectUnchanged();
        });
      });
    },
  );
}
