import { expect, test } from 'vitest';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import {
  expectSucceeded,
  expectSwiftReboot,
  step,
  troublesOf,
  unregistered,
  works,
} from '../../support/vm/expectations.ts';
import { useMachine } from '../../support/vm/machines.ts';

const needed = [needs.root, needs.apt, needs.qemu, needs.testUser, needs.systemQemu] as const;

/** How each init is told to start, to stop and to reboot. */
const inits = [
  {
    init: 'openrc',
    status: 'rc-service anyarch-binfmt status',
    stop: 'rc-service anyarch-binfmt stop',
    start: 'rc-service anyarch-binfmt start',
    restart: 'rc-service anyarch-binfmt restart',
    reboot: 'shutdown -r now',
    running: 'started',
  },
  {
    init: 'runit',
    status: 'sv status anyarch-binfmt',
    stop: 'sv -w 30 force-stop anyarch-binfmt',
    start: 'sv -w 30 start anyarch-binfmt',
    restart: 'sv -w 30 restart anyarch-binfmt',
    reboot: 'runit-init 6',
    running: 'run: ',
  },
] as const;

for (const { init, status, stop, start, restart, reboot, running } of inits) {
  describeWith(needed, `a machine that ${init} starts, with /usr/local on a disk of its own`, () => {
    const boot = useMachine({
      init,
      disks: ['local'],
      boots: [
        `
echo 'LABEL=local /usr/local ext4 defaults 0 2' >>/etc/fstab
step mount mount /usr/local
step before probe aarch64
step enable anyarch persist enable arm64
step enabled probe aarch64
step status anyarch persist status
step table table
chmod 0 /usr/bin/node
step unmount umount /payload
again ${reboot}
`,
        `
settle
step probe probe_ready aarch64
step table table
step running ${status}
step mounted findmnt --noheadings --output SOURCE /usr/local
step stop ${stop}
step stopped probe aarch64
step start ${start}
settle
step started probe_ready aarch64
step restart ${restart}
settle
step restarted probe_ready aarch64
chmod 755 /usr/bin/node
step watch anyarch watch enable --interval 1
settle
for entry in /proc/sys/fs/binfmt_misc/*aarch64*; do echo -1 >$entry; done
settle
step watched probe_ready aarch64
step watcher anyarch watch status
step unwatch anyarch watch disable
for entry in /proc/sys/fs/binfmt_misc/*aarch64*; do echo -1 >$entry; done
settle
step unwatched probe aarch64
step disable anyarch persist disable --now
step disabled probe aarch64
step left find /etc /usr/local -name '*anyarch*' -not -name 'anyarch-test*'
step table-after table
`,
      ],
    });

    test('enable makes it run', () => {
      expectSucceeded(boot(1), 'mount', 'enable', 'status', 'unmount');
      expect(step(boot(1), 'before')).toMatchObject(unregistered);
      expect(step(boot(1), 'enabled')).toMatchObject(works);
    });

    test('after a reboot it runs, without node, and the table is the same', () => {
      expect(step(boot(2), 'probe')).toMatchObject(works);
      expect(step(boot(2), 'table').output).toBe(step(boot(1), 'table').output);
      expect(step(boot(2), 'running').output).toContain(running);
      expect(step(boot(2), 'mounted').output).toMatch(/^\/dev\/vd/);
    });

    test('it is stopped, started and started again', () => {
      expectSucceeded(boot(2), 'stop', 'start', 'restart');
      expect(step(boot(2), 'stopped')).toMatchObject(unregistered);
      expect(step(boot(2), 'started')).toMatchObject(works);
      expect(step(boot(2), 'restarted')).toMatchObject(works);
    });

    test('the service of the watch puts right what was lost, while it is there', () => {
      expectSucceeded(boot(2), 'watch', 'watcher', 'unwatch');
      expect(step(boot(2), 'watched')).toMatchObject(works);
      expect(step(boot(2), 'unwatched')).toMatchObject(unregistered);
    });

    test('a reboot waits for nothing, and leaves /usr/local clean', () => {
      expectSwiftReboot(boot(1));
      expect(troublesOf(boot(2))).toEqual([]);
    });

    test('after disable nothing foreign runs any more, and nothing is left to run at boot', () => {
      expectSucceeded(boot(2), 'disable', 'left');
      expect(step(boot(2), 'disabled')).toMatchObject(unregistered);
      expect(step(boot(2), 'left').output).toBe('');
      expect(step(boot(2), 'table-after').output).not.toContain('anyarch');
    });
  });
}
