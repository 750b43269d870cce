import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { buildNativeProgram } from '../support/quickjs/build.ts';
import { imageRoot } from '../support/quickjs/image-root.ts';
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
    // 3, because the table is only that of this test's user namespace, which is said; nothing else is.
    const good = '3 3 qemu-aarch64 qemu-arm qemu-riscv64 qemu-s390x register status';
    expect(lines.trim().split('\n')).toEqual(Array.from({ length: 20 }, () => good));
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
