import { expect, test } from 'vitest';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { expectSucceeded, expectSwiftReboot, step } from '../../support/vm/expectations.ts';
import { useMachine } from '../../support/vm/machines.ts';

const needed = [needs.root, needs.apt, needs.qemu, needs.testUser, needs.systemQemu] as const;

/** Longer than a swift reboot may take, and shorter than systemd's own patience. */
const stopSeconds = 40;

// The negative twin of what other machines are held to: their clock counts instructions, and waiting takes none.
describeWith(needed, 'a machine with a service that is slow to stop', () => {
  const boot = useMachine({
    init: 'systemd',
    kernelParameters: ['systemd.mask=binfmt-support.service'],
    boots: [
      `
printf '[Service]\\nExecStart=/bin/sleep infinity\\nExecStop=/bin/sleep ${stopSeconds}\\n' >/etc/systemd/system/slow.service
step slow systemctl start slow
step wait sleep 5
again systemctl reboot
`,
      'step back true',
    ],
  });

  test('waits by the clock that its reboot is measured with, and is told from a swift one', () => {
    expectSucceeded(boot(1), 'slow');
    expect(step(boot(1), 'wait').seconds).toBeGreaterThanOrEqual(5);
    expect(step(boot(1), 'wait').seconds).toBeLessThan(10);
    expect(boot(1).shutdownSeconds).toBeGreaterThanOrEqual(stopSeconds);
    expect(() => {
      expectSwiftReboot(boot(1));
    }).toThrow();
    expectSucceeded(boot(2), 'back');
  });
});
