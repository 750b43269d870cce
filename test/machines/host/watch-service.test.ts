import { describe, expect, test } from 'vitest';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { expectSucceeded, step, unregistered, works } from '../../support/vm/expectations.ts';
import { useMachine } from '../../support/vm/machines.ts';

const needed = [needs.root, needs.apt, needs.qemu, needs.testUser, needs.systemQemu] as const;

/** Until the service has put right what was lost; the machine is slow. */
const eventually = `
eventually() {
  for try in $(seq 60); do "$@" && return; [ $? = 42 ] && return 42; sleep 1; done
  return 1
}
harm() { echo -1 >/proc/sys/fs/binfmt_misc/qemu-aarch64; }
`;

describeWith(needed, 'a machine on which the watch is a service', () => {
  describe('of systemd', () => {
    const boot = useMachine({
      init: 'systemd',
      kernelParameters: ['systemd.mask=binfmt-support.service'],
      boots: [
        `${eventually}
cp /payload/qemu/qemu-aarch64 /usr/local/bin/
step register anyarch register arm64 --qemu /usr/local/bin/qemu-aarch64
harm
sleep 2
step without probe aarch64
step again anyarch register arm64 --qemu /usr/local/bin/qemu-aarch64
mkdir -p /var/lib/collector && chown nobody /var/lib/collector
step enable anyarch watch enable --interval 1 --metrics-file /var/lib/collector/anyarch.prom
step restart systemctl restart anyarch-watch
step active eventually systemctl is-active anyarch-watch
sleep 5
harm
step with eventually probe aarch64
step flushed systemctl restart systemd-binfmt
step flushed-with eventually probe aarch64
step unmounted umount /proc/sys/fs/binfmt_misc
step unmounted-with eventually probe aarch64
step metrics cat /var/lib/collector/anyarch.prom
step log journalctl -u anyarch-watch -o cat --no-pager
step status anyarch watch status
step persist anyarch persist enable arm64
again systemctl reboot
`,
        `${eventually}
step active eventually systemctl is-active anyarch-watch
step booted eventually probe aarch64
sleep 5
for entry in /proc/sys/fs/binfmt_misc/*aarch64*; do echo -1 >$entry; done
step with eventually probe aarch64
step reload systemctl reload anyarch-watch
sleep 2
step log journalctl -b -u anyarch-watch -o cat --no-pager
step unregister anyarch unregister arm64
sleep 5
step unregistered probe aarch64
step disable anyarch watch disable
step inactive systemctl is-active anyarch-watch
step left find /etc /usr/local/lib -name 'anyarch-watch*' -o -path '*/anyarch/bin*'
`,
      ],
    });

    test('brings registrations back, with all that the unit forbids', () => {
      expectSucceeded(
        boot(1),
        'register',
        'again',
        'enable',
        'restart',
        'active',
        'flushed',
        'unmounted',
        'status',
      );
      expect(step(boot(1), 'without')).toMatchObject(unregistered);
      for (const name of ['with', 'flushed-with', 'unmounted-with'])
        expect({ name, ...step(boot(1), name) }).toMatchObject({ name, exitCode: works.exitCode });
      expect(step(boot(1), 'log').output).toMatch(/removed .*\n.*reasserted .*arm64: .*proven/);
      expect(step(boot(1), 'log').output).not.toContain('failed');
      expect(step(boot(1), 'metrics').output).toContain('anyarch_registration_up{architecture="aarch64"');
    });

    test('starts at the boot, keeps up what is persisted, and obeys', () => {
      expectSucceeded(boot(1), 'persist');
      expectSucceeded(boot(2), 'active', 'reload', 'unregister', 'disable');
      expect(step(boot(2), 'booted').exitCode).toBe(works.exitCode);
      expect(step(boot(2), 'with').exitCode).toBe(works.exitCode);
      expect(step(boot(2), 'log').output).toContain('reread');
      expect(step(boot(2), 'unregistered')).toMatchObject(unregistered);
      expect(step(boot(2), 'inactive').exitCode).not.toBe(0);
      expect(step(boot(2), 'left').output).toBe('');
    });
  });
});
