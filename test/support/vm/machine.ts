import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildProbe } from '../../../src/core/probe/probe.ts';
import { repository } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';
import { baseImage } from './base-image.ts';
import { makeExt4 } from './disks.ts';
import { machineProgram } from './program.ts';
import { isDone, readResults } from './results.ts';
import type { Boot } from './results.ts';

export interface MachineOptions {
  readonly init: 'systemd' | 'openrc' | 'runit';
  /** A shell script for each boot, in the words of guest/harness.sh; all but the last end with `again COMMAND`. */
  readonly boots: readonly string[];
  /** Further empty disks, by the label of their file system. */
  readonly disks?: readonly string[];
  readonly kernelParameters?: readonly string[];
}

/**
 * Boots a virtual machine as often as there are scripts, with the built command, an emulator and probes on a disk at
 * /payload. What it writes to its disks lasts from boot to boot and ends with the machine. No network.
 *
 * @throws Error with the console's last lines when the machine stands still or ends before its last script does
 */
export async function runMachine(options: MachineOptions): Promise<Boot[]> {
  const directory = temporaryDirectory('vm');
  const image = await baseImage();
  const payload = await makePayload(directory, options.boots);
  const further = await Promise.all((options.disks ?? []).map((label) => makeDisk(directory, label)));
  const files = { console: join(directory, 'console.log'), results: join(directory, 'results.log') };
  const messages = join(directory, 'qemu.log');
  const log = openSync(messages, 'w');
  const words = [
    // What QEMU 7.2 does not emulate well enough is left out: several processors at once, AVX, protection keys, and
    // cmpxchg16b, which now and then says that it has exchanged what it has not (double faults in the kernel's allocator).
    ['-machine', 'q35', '-accel', 'tcg,thread=single', '-cpu', 'Nehalem,-cx16', '-smp', '1', '-m', '768'],
    // Its clock counts instructions, each of 4 ns, and not the time for which others have the processor: how long the guest
    // takes for something is the same on a busy machine. While it waits, the clock goes on as ours does.
    ['-icount', 'shift=2'],
    ['-nodefaults', '-display', 'none'],
    ['-kernel', image.kernel, '-initrd', image.initrd],
    ['-append', [...parameters[options.init], ...always, ...(options.kernelParameters ?? [])].join(' ')],
    ['-serial', `file:${files.console}`, '-serial', `file:${files.results}`],
    // What is written goes to a temporary file that lasts as long as the process: over reboots.
    ...[image.disk, payload, ...further].map((file, index) => drive(file, index)),
  ].flat();
  const started = spawn('setpriv', ['--pdeathsig', 'KILL', machineProgram, ...words], {
    stdio: ['ignore', log, log],
    env: { ...process.env, TMPDIR: directory },
  });
  closeSync(log);
  const ended = once(started, 'exit');
  try {
    await untilEnded(() => started.exitCode !== null || started.signalCode !== null, files);
  } finally {
    started.kill('SIGKILL');
    await ended;
  }
  const results = read(files.results);
  if (!isDone(results))
    throw new Error(`the machine ended before its scripts did\n${read(messages)}${lastLines(files)}`);
  return readResults(results, read(files.console));
}

// A guest that does nothing for this long, on a machine that others use as well, will not do anything any more.
const standStillMs = 180_000;
const deadlineMs = 900_000;

const parameters: Readonly<Record<MachineOptions['init'], readonly string[]>> = {
  systemd: ['init=/usr/lib/systemd/systemd', 'systemd.show_status=1', 'systemd.firstboot=off'],
  openrc: ['init=/usr/sbin/init'],
  runit: ['init=/usr/sbin/runit-init'],
};

// Nobody attacks the machine, and its clock needs no check.
const always = [
  'root=/dev/vda rootfstype=ext4 rw console=ttyS0 mitigations=off audit=0 apparmor=0 selinux=0 no_timer_check',
  // Not needed, and slow to start without hardware.
  'module_blacklist=kvm,kvm_amd,kvm_intel,aesni_intel,sha512_ssse3,sha256_ssse3,sha1_ssse3,ghash_clmulni_intel,intel_rapl_msr,intel_rapl_common,ahci,pcspkr,psmouse,drm',
];

interface Logs {
  readonly console: string;
  readonly results: string;
}

async function untilEnded(hasEnded: () => boolean, files: Logs): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  let size = 0;
  let movedAt = performance.now();
  while (!hasEnded()) {
    await sleep(200);
    const now = sizeOf(files.console) + sizeOf(files.results);
    if (now !== size) movedAt = performance.now();
    size = now;
    if (read(files.console).includes('Kernel panic'))
      throw new Error(`the machine's kernel has panicked\n${lastLines(files)}`);
    const stoodStillMs = performance.now() - movedAt;
    if (stoodStillMs > standStillMs || performance.now() > deadline)
      throw new Error(
        `the machine has said nothing for ${Math.round(stoodStillMs / 1000)} s\n${lastLines(files)}`,
      );
  }
}

function lastLines({ console, results }: Logs): string {
  return `--- results\n${read(results).slice(-2000)}\n--- console\n${read(console).slice(-6000)}`;
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function drive(file: string, index: number): string[] {
  return [
    ...['-drive', `file=${file},format=raw,if=none,id=disk${index},cache=unsafe,snapshot=on`],
    ...['-device', `virtio-blk-pci,drive=disk${index}`],
  ];
}

async function makeDisk(directory: string, label: string): Promise<string> {
  const file = join(directory, `${label}.ext4`);
  await makeExt4({ file, megabytes: 128, label });
  return file;
}

async function makePayload(directory: string, boots: readonly string[]): Promise<string> {
  const from = join(directory, 'payload');
  const put = (name: string, content: string | Uint8Array, mode = 0o644): void => {
    mkdirSync(join(from, name, '..'), { recursive: true });
    writeFileSync(join(from, name), content, { mode });
  };
  for (const name of ['bin', 'dist', 'data', 'package.json', 'build/entrypoint/linux-amd64'])
    if (existsSync(join(repository, name)))
      cpSync(join(repository, name), join(from, 'package', name), { recursive: true });
  const emulators = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
  for (const target of ['aarch64', 'riscv64'])
    cpSync(join(emulators, `qemu-${target}`), join(from, 'qemu', `qemu-${target}`));
  for (const target of ['aarch64', 'riscv64']) put(`probes/${target}`, buildProbe(target), 0o755);
  put(
    'binfmt.d/qemu-riscv64.conf',
    readFileSync(join(emulators, '../share/qemu/binfmt.d/qemu-riscv64.conf')),
  );
  put('scripts/harness.sh', readFileSync(new URL('guest/harness.sh', import.meta.url)));
  boots.forEach((script, index) => {
    put(`scripts/${index + 1}.sh`, script);
  });
  const file = join(directory, 'payload.ext4');
  await makeExt4({ file, megabytes: 128, label: 'payload', from });
  return file;
}
