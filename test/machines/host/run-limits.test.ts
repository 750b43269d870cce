import { expect, test } from 'vitest';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { step } from '../../support/vm/expectations.ts';
import { useMachine } from '../../support/vm/machines.ts';

const needed = [needs.root, needs.apt, needs.qemu, needs.testUser, needs.systemQemu] as const;

// The machine has no logind, whose part in a user's systemd is a directory and an environment variable.
const userManager = `
useradd --create-home me
uid=$(id -u me)
install -d -o me -m 0700 /run/user/$uid
printf '[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=/bin/true\\n' >/etc/systemd/system/user-runtime-dir@.service
mkdir /etc/systemd/system/user@.service.d
printf '[Service]\\nPAMName=\\nEnvironment=XDG_RUNTIME_DIR=/run/user/%%i\\n' >/etc/systemd/system/user@.service.d/test.conf
systemctl daemon-reload
`;

describeWith(needed, 'limits where control groups are of version 2', () => {
  const boot = useMachine({
    init: 'systemd',
    kernelParameters: ['systemd.mask=binfmt-support.service'],
    boots: [
      `
cat >/tmp/look <<'END'
group=$(sed -n s/^0:://p /proc/self/cgroup)
echo "$group"
cd /sys/fs/cgroup$group && cat memory.max cpu.max pids.max
END
limits='--memory 64m --cpus 0.5 --pids-limit 7'
step root anyarch run $limits -- sh /tmp/look
install -d -o nobody /tmp/nobody
# MANAGER DIRECTORY SETTING...: what the unit said, how it ended and what it left.
service() {
  manager=$1 units=$2
  shift 2
  mkdir -p $units
  printf '[Service]\\nType=oneshot\\nEnvironment=ANYARCH_QEMU_DIR=/payload/qemu\\nStandardOutput=file:/tmp/out\\nStandardError=file:/tmp/out\\n' >$units/limited.service
  printf '%s\\n' "$@" "ExecStart=$(command -v anyarch) run $limits -- sh /tmp/look" >>$units/limited.service
  rm -f /tmp/out
  $manager daemon-reload
  $manager start limited 2>/dev/null
  cat /tmp/out
  $manager show limited -p ExecMainStatus
  find /sys/fs/cgroup -name 'anyarch-run-*'
}
nobody='User=nobody Environment=HOME=/tmp/nobody'
step delegated service systemctl /run/systemd/system $nobody Delegate=yes DelegateSubgroup=main
step undelegated service systemctl /run/systemd/system $nobody
${userManager}
step manager systemctl start user@$uid
asMe() { setpriv --reuid $uid --regid $uid --clear-groups env HOME=/home/me XDG_RUNTIME_DIR=/run/user/$uid systemctl --user "$@"; }
step user service asMe /home/me/.config/systemd/user
`,
    ],
  });
  // Of the processes two are the launcher and the namespace's init.
  const settings = ['67108864', '50000 100000', '9'];
  const lines = (name: string): string[] => step(boot(1), name).output.trim().split('\n');

  test('are those of a scope of systemd for root', () => {
    expect(lines('root')).toEqual([expect.stringMatching(/^\/system\.slice\/run-.*\.scope$/), ...settings]);
  });

  test('are those of a scope of the user’s systemd', () => {
    expect(lines('manager')).toEqual(['']);
    const scope = /^\/user\.slice\/user-\d+\.slice\/user@\d+\.service\/app\.slice\/run-.*\.scope$/;
    expect(lines('user')).toEqual([expect.stringMatching(scope), ...settings, 'ExecMainStatus=0']);
  });

  test('are those of a new group where the user was given the parent', () => {
    const group = /^\/system\.slice\/limited\.service\/anyarch-run-[\w.-]+$/;
    expect(lines('delegated')).toEqual([expect.stringMatching(group), ...settings, 'ExecMainStatus=0']);
  });

  test('are refused where the user was given none', () => {
    const { output } = step(boot(1), 'undelegated');
    expect(output).toContain('ANYARCH_LIMITS');
    expect(output).toContain('ExecMainStatus=125');
  });
});
