import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeFailure } from '../support/command.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busybox } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { qemuBinary } from '../support/fixtures/qemu.ts';
import { buildDeb } from '../support/mirror-package.ts';
import { backports, qemuPackage } from '../support/mirror-suites.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';
import { runInPrivateRoot } from '../support/private-root.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const jar = ':jar:M::PK::/usr/bin/jexec:';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

describeWith([needs.root, needs.apt, needs.qemu], 'anyarch uninstall', () => {
  let mirror: Mirror;
  let directory: string;
  let executable: string;

  beforeAll(async () => {
    executable = await installPackage();
    directory = temporaryDirectory('uninstall');
    mirror = await startMirror();
    const programs = { s390x: readFileSync(await qemuBinary('11.1', 's390x')) };
    const qemu = await qemuPackage({ ...backports, targets: ['s390x', 'riscv64'], programs });
    const guest = {
      name: 'busybox-static',
      version: '1:1.37.0-6',
      architecture: 's390x',
      deb: await buildDeb([
        { name: './usr/bin/busybox', content: readFileSync(await busybox(guests.s390x)) },
      ]),
    };
    await mirror.addSuite({ suite: 'trixie-backports', packages: [qemu] });
    await mirror.addSuite({ suite: 'trixie', architectures: ['s390x'], packages: [guest] });
    writeFileSync(join(directory, 'keyring'), mirror.keyring);
  });
  afterAll(() => mirror.close());

  /** Everything that can be made, and what a killed command leaves. */
  const makeEverything = (): string => `
    export ANYARCH_PLAIN=0
    fetch() { anyarch emulators fetch "$@" --mirror ${mirror.url}; }
    fetch s390x
    anyarch run -a s390x --mirror ${mirror.url} -- uname -m | grep -x s390x
    anyarch register s390x
    test -e /var/lib/anyarch/interposed/s390x.json
    anyarch register arm64 --adopt qemu-aarch64
    anyarch persist enable s390x --init systemd
    anyarch watch enable --init systemd
    mkdir -p /dev/shm/anyarch-probe-99999-1-1 /var/lib/anyarch/guests/.building-aBcDeF
    touch /var/lib/anyarch/digests.json.99999-1-abc.tmp /etc/binfmt.d/anyarch-s390x.conf.99999-1-abc.tmp
    mkdir -p /root/.cache/anyarch/code
    for name in v20.20.2-x64-2146738-239442-1795278061267 v24.21.0-x64-5-303470-1795296624067-other; do
      touch /root/.cache/anyarch/code/$name
    done
    touch /root/.cache/anyarch/sha256/${'0a'.repeat(32)}.part.1-99999-1.00ff`;

  const inside = async (script: string) => {
    const result = await runInPrivateRoot({
      script: `
        # What this machine's own use of anyarch has left is no matter here.
        rm -rf /root/.cache/anyarch /var/lib/anyarch /var/cache/anyarch /usr/local/lib/anyarch
        users=$(grep '^root:' /etc/passwd); echo "$users" > /etc/passwd
        mkdir -p /root/.cache /etc/binfmt.d
        anyarch() { NO_COLOR=1 ${executable} "$@"; }
        echo '${jar}' > /proc/sys/fs/binfmt_misc/register
        # Somebody's, to be taken over and given back.
        { sed 's/^:qemu-[a-z0-9]*/:qemu-aarch64/; s/[^:]*$//' | tr -d '\\n'; } \\
          < $ANYARCH_QEMU_DIR/../share/qemu/binfmt.d/qemu-aarch64.conf \\
          | sed "s,:/usr/bin/qemu-aarch64:,:$ANYARCH_QEMU_DIR/qemu-aarch64:F," > /proc/sys/fs/binfmt_misc/register
        snapshot > /run/test/before
        ${script}`,
      environment: { ANYARCH_QEMU_DIR: process.env['ANYARCH_TEST_QEMU_DIR'] },
      covers: { [keyring]: join(directory, 'keyring') },
    });
    if (result.exitCode !== 0) throw new Error(describeFailure(result));
    return result.stdout;
  };

  const compare = 'snapshot > /run/test/after; diff /run/test/before /run/test/after && echo SAME';

  test('leaves nothing of everything', async () => {
    const output = await inside(`{
      ${makeEverything()}
      } >&2
      snapshot > /run/test/between
      ! cmp -s /run/test/before /run/test/between
      anyarch uninstall --dry-run --verbose > /run/test/planned
      snapshot | diff /run/test/between - && echo UNTOUCHED
      grep -c anyarch /run/test/planned
      anyarch uninstall --dry-run | wc -l
      anyarch uninstall --verbose
      ${compare}
      anyarch uninstall
      ${compare}`);
    // Counted by directory it is a page of text.
    expect(output).toMatch(/^UNTOUCHED\n\d\d+\n[12]?\d\n/);
    expect(output).toMatch(/^removed +entry +qemu-s390x/m);
    expect(output).toMatch(/^removed +service +\/usr\/local\/lib\/anyarch\/bin\/anyarch/m);
    expect(output).toContain('npm uninstall');
    expect(output).toMatch(/SAME\nnothing of anyarch is left here\n[^]*SAME\n$/);
  });

  test('finishes after it was killed, wherever that was', async () => {
    const output = await inside(`{
      ${makeEverything()}
      } >&2
      snapshot > /run/test/between
      for hundredths in 15 20 25 30 35 40 45 50 55 60; do
        timeout --signal=KILL 0.$hundredths ${executable} uninstall > /dev/null 2>&1 || echo "KILLED $?"
        snapshot | cmp -s /run/test/between - || echo HALF
      done
      anyarch uninstall
      ${compare}`);
    expect(output).toMatch(/KILLED 137\nHALF\n[^]*SAME\n$/);
  });

  test('names what stays: changed and new files, processes that use it', async () => {
    const output = await inside(`{
      ${makeEverything()}
      } >&2
      echo '# mine' >> /etc/binfmt.d/anyarch-s390x.conf
      mkdir /var/lib/anyarch/mine; echo mine > /var/lib/anyarch/mine/letter
      ${executable} run -a s390x -- sh -c 'echo runs; sleep 4' > /run/test/guest & guest=$!
      until grep -q runs /run/test/guest; do sleep 0.1; done
      anyarch uninstall 2>&1 && exit 1 || echo "REFUSED $?"
      wait $guest
      anyarch uninstall 2>&1 && exit 1 || echo "PARTLY $?"
      anyarch uninstall --force
      cat /etc/binfmt.d/anyarch-s390x.conf.anyarch-saved /var/lib/anyarch/mine/letter
      rm -r /etc/binfmt.d/anyarch-s390x.conf.anyarch-saved /var/lib/anyarch
      ${compare}`);
    expect(output).toMatch(/ANYARCH_IN_USE\]\n(.*\n)*REFUSED 1/);
    expect(output).toMatch(/^failed +\/etc\/binfmt\.d\/anyarch-s390x\.conf .*\[ANYARCH_FILE_CHANGED\]\n/m);
    expect(output).toContain('PARTLY 3');
    expect(output).toMatch(/^left +\/var\/lib\/anyarch\/mine +anyarch did not make it$/m);
    expect(output).toMatch(/# mine\nmine\nSAME\n$/);
  });

  test('does the rest where it may not write, and finishes later', async () => {
    const output = await inside(`{
      ${makeEverything()}
      } >&2
      read_only() { mount --bind $1 $1; mount -o remount,bind,ro $1; }
      read_only /etc
      anyarch uninstall 2>&1 && exit 1 || echo "ETC $?"
      umount /etc
      ls /root/.cache /proc/sys/fs/binfmt_misc
      # The configuration that stays must not fail the next boot.
      interpreter=$(tail -1 /etc/binfmt.d/anyarch-s390x.conf | cut -d: -f7)
      test -x "$interpreter" && echo "BOOTS $interpreter"
      read_only /var/lib/anyarch
      anyarch uninstall 2>&1 && exit 1 || echo "STATE $?"
      umount /var/lib/anyarch
      anyarch uninstall > /dev/null
      ${compare}`);
    const [etc = '', state = '', last = ''] = output.split(/^(?:ETC 3|STATE 1)$/m);
    expect(etc).toMatch(/^failed +\/etc\/binfmt\.d\/anyarch-s390x\.conf .*\[ANYARCH_READ_ONLY_SYSTEM\]$/m);
    expect(etc).toMatch(/^left +\/usr\/local\/lib\/anyarch\/current .* stays, and may name it$/m);
    expect(etc).toMatch(/^left +\/var\/lib\/anyarch +kept, because/m);
    expect(state).toMatch(/^BOOTS \/usr\/local\/lib\/anyarch\/current\/qemu-s390x$/m);
    expect(state.split('BOOTS')[0]).not.toContain('qemu-s390x');
    expect(state).toMatch(/^failed .*\[ANYARCH_READ_ONLY_SYSTEM\]$/m);
    expect(last).toBe('\nSAME\n');
  });
});
