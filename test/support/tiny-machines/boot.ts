import { spawn } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { qemuCommand } from '../../../src/machine/command-line/qemu-command.ts';
import type { MachineDefinition } from '../../../src/machine/definition/definition.ts';
import { cardAddress } from '../../../src/machine/network/network-words.ts';
import { cardWords } from '../../../src/machine/network/card-words.ts';
import type { MachineRecord } from '../../../src/machine/record.ts';
import { obtainTools } from '../../../src/machine/tools/obtain-tools.ts';
import { succeed } from '../command.ts';
import { temporaryDirectory } from '../temporary.ts';
import { tinyInitramfs, tinyMark } from './initramfs.ts';
import type { TinyKernel } from './kernel.ts';
import { programsHost } from './programs-host.ts';

export interface TinyBoot {
  /** What the guest said of itself, without the mark. */
  readonly said: readonly string[];
  readonly console: string;
  /** What QEMU itself printed. */
  readonly messages: string;
  /** Undefined when it had to be killed. */
  readonly exitCode: number | undefined;
  readonly seconds: number;
}

/** Bytes of the machine's disk: a power of two, which SD cards have to have. */
export const tinyDiskBytes = 64 * 1024 * 1024;

/** Boots a kernel with busybox by the product's own definition and command line, until it has said all. */
export async function bootTiny(
  definition: MachineDefinition,
  kernel: TinyKernel,
  {
    timeoutMs = 240_000,
    memoryMiB = definition.memory.defaultMiB,
  }: { timeoutMs?: number; memoryMiB?: number } = {},
): Promise<TinyBoot> {
  const directory = temporaryDirectory(`tiny-${definition.name}`);
  const tools = await obtainTools(programsHost(), definition);
  const place = (name: string) => join(directory, name);
  const devices = definition.bus === 'board' ? [] : ['block/vda', 'block/vdb', 'net/eth0'];
  writeFileSync(place('initrd'), tinyInitramfs(kernel, devices));
  writeFileSync(place('seed.iso'), Buffer.alloc(64 * 1024));
  if (tools.firmware !== undefined) copyFileSync(tools.firmware.variables, place('variables.fd'));
  const environment = { ...process.env, ...tools.environment };
  await succeed(
    [...tools.command('qemu-img'), 'create', '-q', '-f', 'qcow2', place('disk.qcow2'), String(tinyDiskBytes)],
    { environment },
  );
  const command = qemuCommand({
    record: recordOf(definition, kernel, place('initrd'), memoryMiB),
    definition,
    tools,
    places: {
      disk: place('disk.qcow2'),
      seed: place('seed.iso'),
      variables: place('variables.fd'),
      console: place('console.log'),
    },
    sockets: { console: place('console'), qmp: place('qmp'), guestAgent: place('agent') },
    networkWords: [
      '-netdev',
      'user,id=net0,restrict=on',
      ...cardWords(definition, 'netdev=net0', `mac=${cardAddress('tiny', definition)}`),
    ],
    mountWords: [],
    incomingWords: [],
  });
  return await runToEnd([...command, '-no-reboot'], environment, place, timeoutMs);
}

async function runToEnd(
  [program = '', ...words]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  place: (name: string) => string,
  timeoutMs: number,
): Promise<TinyBoot> {
  const started = performance.now();
  const output = openSync(place('qemu.log'), 'w');
  const child = spawn(program, words, { env: environment, stdio: ['ignore', output, output] });
  closeSync(output);
  let exitCode: number | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code) => {
      exitCode = code ?? undefined;
      resolve();
    });
  });
  const console = () =>
    existsSync(place('console.log')) ? readFileSync(place('console.log'), 'latin1') : '';
  const hasEnded = () => exitCode !== undefined || child.signalCode !== null;
  try {
    while (performance.now() - started < timeoutMs && !hasEnded()) {
      if (console().includes(`${tinyMark} end`) || console().includes('Kernel panic')) break;
      await pause(100);
    }
  } finally {
    // Some boards have nothing that would switch them off.
    await Promise.race([ended, pause(2_000)]);
    child.kill('SIGKILL');
    await ended;
  }
  const text = console();
  return {
    said: text.split(/\r?\n/).flatMap((line) => line.split(`${tinyMark} `)[1] ?? []),
    console: text,
    messages: readFileSync(place('qemu.log'), 'utf8'),
    exitCode,
    seconds: (performance.now() - started) / 1000,
  };
}

function recordOf(
  definition: MachineDefinition,
  { kernel, deviceTree }: TinyKernel,
  initrd: string,
  memoryMiB: number,
): MachineRecord {
  return {
    schema: 'anyarch/machine/1',
    name: 'tiny',
    definition: definition.name,
    createdMs: 0,
    id: '00000000-0000-4000-8000-000000000000',
    hardware: {
      cpus: definition.bus === 'board' ? definition.maximumCpus : 1,
      memoryMiB,
      accelerator: 'tcg',
      words: [],
    },
    base: {
      file: '/nonexistent',
      format: 'qcow2',
      sha256: '',
      bytes: tinyDiskBytes,
      origin: 'a test',
      cloudInit: 'no',
      boot: {
        kind: 'kernel',
        kernel,
        initrd,
        parameters: 'panic=-1',
        ...(deviceTree === undefined ? {} : { deviceTree }),
      },
    },
    diskBytes: tinyDiskBytes,
    access: { user: 'nobody', key: '/nonexistent' },
    forwards: [],
    mounts: [],
  };
}
