import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { buildNativeProgram } from '../support/quickjs/build.ts';
import { imageRoot } from '../support/quickjs/image-root.ts';
import { bundleChild } from '../support/registration/bundle.ts';
import { temporaryDirectory } from '../support/temporary.ts';

let root: string;
let enter: readonly string[];

beforeAll(async () => {
  const directory = temporaryDirectory('containers');
  const program = await buildNativeProgram(join(repository, 'src/entrypoint/quickjs.ts'), directory);
  root = join(directory, 'root');
  enter = imageRoot(root, program);
}, 300_000);

/** What a shell script prints that starts containers of one machine: `A` the program, `R` their root directory. */
async function onMachine(script: string): Promise<string> {
  const text = `A() { chroot $R /usr/bin/anyarch "$@"; }\nT=$R/proc/sys/fs/binfmt_misc\n${script}`;
  const environment = { PATH: process.env['PATH'], R: root };
  return (await succeed([...enter, 'sh', '-c', text], { environment, timeoutMs: 120_000 })).stdout;
}

describeWith([needs.qemu], "The image's program in containers", () => {
  it('waits for another one that changes the same table', async () => {
    const lines = await onMachine(`
      for round in $(seq 20); do
        unshare -m chroot $R /usr/bin/anyarch --install all >/dev/null 2>$R/tmp/first & first=$!
        A --reset -p yes >/dev/null 2>$R/tmp/second & second=$!
        wait $first; one=$?; wait $second; two=$?
        echo $one $two $(ls $T | sort) $(grep -h ANYARCH $R/tmp/first $R/tmp/second)
      done`);
    const good = '0 0 qemu-aarch64 qemu-arm qemu-riscv64 qemu-s390x register status';
    expect(lines.trim().split('\n')).toEqual(Array.from({ length: 20 }, () => good));
  });

  it('waits for the command on the host, and that for it', async () => {
    // Of another user's store: each takes the other's for its own and replaces it.
    const qemu = join(temporaryDirectory('host'), 'store/sha256', '0f'.repeat(32));
    mkdirSync(qemu, { recursive: true });
    for (const target of ['aarch64', 'arm', 'riscv64', 's390x']) {
      copyFileSync(
        join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${target}`),
        `${qemu}/qemu-${target}`,
      );
    }
    const order = {
      command: 'register',
      architectures: ['arm64', 'arm', 'riscv64', 's390x'],
      reset: true,
      state: temporaryDirectory('state'),
      qemu,
    };
    const host = `${process.execPath} ${await bundleChild()} '${JSON.stringify(order)}'`;
    const rounds = 40;
    const lines = await onMachine(`
      mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
      for round in $(seq ${rounds}); do
        A --reset -p yes >/dev/null 2>$R/tmp/first & first=$!
        ${host} >$R/tmp/second 2>&1 & second=$!
        wait $first; one=$?; wait $second; two=$?
        echo $one $two $(ls $T | sort) $(grep -ho 'ANYARCH_[A-Z_]*' $R/tmp/first $R/tmp/second)
      done`);
    const good = '0 0 qemu-aarch64 qemu-arm qemu-riscv64 qemu-s390x register status';
    expect(lines.trim().split('\n')).toEqual(Array.from({ length: rounds }, () => good));
  });

  it.each([
    ['TERM', 143],
    ['INT', 130],
    ['HUP', 129],
  ])('ends at once by SIG%s, though it is the first process', async (signal, code) => {
    const lines = await onMachine(`
      flock --close $T/register sleep 60 & sleep 0.3
      unshare -pf chroot $R /usr/bin/anyarch register arm64 >/dev/null 2>&1 & container=$!
      sleep 0.3; kill -${signal} $(pgrep -P $container)
      (sleep 3; echo late; pkill -KILL -P $container) & wait $container; echo $?`);
    expect(lines.trim()).toBe(`${code}`);
  });

  it('says what to do where its output does not fit', async () => {
    const lines = await onMachine('$R/usr/bin/anyarch --help 2>&1 >/dev/full; echo $?');
    expect(lines.trim().split('\n')).toEqual([
      'anyarch: the result could not be written to standard output (ENOSPC) [ANYARCH_DISK_FULL]',
      '  next: free space where the output goes, then repeat the command',
      '1',
    ]);
  });

  it('needs no /dev/null, and no open descriptors', async () => {
    const lines = await onMachine(`
      umount $R/dev/null; rm $R/dev/null
      A register arm64 >/dev/null 2>&1; echo $?
      A register riscv64 <&- 2>&- | grep -c registered; ls $T
      A --version <&- >&-; echo $?
      A register s390x <&- >&- 2>&-; echo $?; ls $T`);
    expect(lines.trim().split('\n')).toEqual([
      '0',
      '1',
      ...['qemu-aarch64', 'qemu-riscv64', 'register', 'status'],
      // What cannot be printed is no success.
      '1',
      '1',
      ...['qemu-aarch64', 'qemu-riscv64', 'qemu-s390x', 'register', 'status'],
    ]);
  });

  it('says so when memory runs out, wherever it does', async () => {
    // Without random addresses: where the kernel lays things decides, too, whether the least sizes suffice to load it.
    const lines = await onMachine(`
      setarch -R sh -c '
        for size in $(seq 700 20 3200); do
          (ulimit -v $size; exec $R/usr/bin/anyarch status --json >$R/tmp/out 2>&1)
          echo $? $(head -n 1 $R/tmp/out)
        done'`);
    const [good, failed] = ['0 {', '1 anyarch: allocate memory: ENOMEM [ANYARCH_FILE]'];
    expect(lines).toContain(good);
    expect(lines).toContain(failed);
    const ends = lines.trim().split('\n');
    // Below that the kernel cannot even load it, and ends it by SIGSEGV.
    const started = ends.slice(ends.findIndex((line) => line !== '139'));
    for (const line of started) expect(line.startsWith(good) ? failed : line).toBe(failed);
  });

  it('does not wait for ever, and not at all for one that was killed', async () => {
    const lines = await onMachine(`
      flock --close $T/register sleep 60 & holder=$!; sleep 0.3
      A register arm64 2>&1; echo $?
      A --install riscv64 >/dev/null 2>&1 & waiting=$!
      sleep 0.5; ls $T; kill -9 $holder; wait $waiting; ls $T`);
    expect(lines.trim().split('\n')).toEqual([
      'anyarch: another process is changing the table /proc/sys/fs/binfmt_misc [ANYARCH_LOCKED]',
      expect.stringContaining('sudo lslocks'),
      '1',
      ...['register', 'status'],
      ...['qemu-riscv64', 'register', 'status'],
    ]);
  });
});
