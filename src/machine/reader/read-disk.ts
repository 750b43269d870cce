import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { errnoOf } from '../../host/node/system-call.ts';
import type { DiskToolOptions } from '../disk/disk-tools.ts';
import { runTool } from '../disk/run-tool.ts';
import { checkWithQemu } from '../image/check-with-qemu.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import { obtainTools } from '../tools/obtain-tools.ts';
import { helperDefinition } from './helper-definition.ts';
import { obtainReader } from './obtain-reader.ts';
import { readerWords } from './reader-words.ts';
import { readReport, type ReaderReport } from './report.ts';

export interface ReadDisk {
  /** Absolute. */
  readonly disk: string;
  readonly format: 'qcow2' | 'raw';
  /** Number of a partition, or name of a logical volume. */
  readonly partition?: string | undefined;
  /** A directory of ours: the archive and an overlay come into it. */
  readonly scratch: string;
}

export interface ReadSystem {
  /** A tar in PAX format. */
  readonly archive: string;
  readonly report: ReaderReport;
}

/** Milliseconds without any byte from the helper after which it is given up: longer than a boot on a loaded machine. */
const silenceMs = 5 * 60_000;
const lookMs = 500;

/**
 * Reads the system that is installed on a disk, with the drivers of a Linux kernel of its own, in a machine that has nothing else.
 * The disk is not written to.
 *
 * @throws AnyarchError ANYARCH_DISK_INVALID where no system is found, or several; ANYARCH_MACHINE_FAILED when the helper fails;
 *   ANYARCH_DISK_FULL, ANYARCH_CANCELLED, and what fetching throws
 */
export async function readDisk(host: Host, wanted: ReadDisk, options: DiskToolOptions): Promise<ReadSystem> {
  const definition = helperDefinition(host);
  const { mirror, noFetch, allowExpired, signal, onProgress } = options;
  const tools = await obtainTools(host, definition, { mirror, noFetch, allowExpired, signal, onProgress });
  checkWithQemu(
    host,
    { command: tools.command('qemu-img'), environment: tools.environment },
    wanted.disk,
    wanted.format,
    wanted.disk,
  );
  const reader = await obtainReader(host, definition, options);
  const { scratch } = wanted;
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const overlay = `${scratch}/overlay.qcow2`;
  const files = {
    archive: `${scratch}/system.tar`,
    report: `${scratch}/report`,
    console: `${scratch}/console`,
  };
  await runTool(
    tools,
    'qemu-img',
    ['create', '-q', '-f', 'qcow2', '-b', wanted.disk, '-F', wanted.format, overlay],
    {
      signal,
    },
  );
  const words = readerWords({
    ...{ definition, reader, ...files },
    qemu: tools.qemu,
    disk: overlay,
    partition: wanted.partition,
  });
  const said = await runHelper(host, words, tools.environment, files, options);
  const report = readReport(textOf(files.report));
  if (report.code !== 0) throw readingFailure(wanted, report, said, textOf(files.console));
  return { archive: files.archive, report };
}

/** @returns what QEMU said, when it ended */
async function runHelper(
  { clock }: Host,
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  files: { readonly archive: string; readonly report: string; readonly console: string },
  { signal, onProgress }: DiskToolOptions,
): Promise<string> {
  throwIfCancelled(signal);
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-2000);
  });
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  let sizes = 0;
  let since = clock.monotonic();
  const timer = setInterval(() => {
    const archive = sizeOf(files.archive);
    onProgress?.({ phase: 'unpack', subject: 'files of the disk', received: archive, total: undefined });
    const all = archive + sizeOf(files.report) + sizeOf(files.console);
    if (all !== sizes) since = clock.monotonic();
    sizes = all;
    if (clock.monotonic() - since > silenceMs) kill();
  }, lookMs);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', (error) => {
        reject(
          new AnyarchError(
            'ANYARCH_EMULATOR_UNUSABLE',
            `${program} cannot be started: ${errnoOf(error) ?? error.message}`,
            {
              hint: 'anyarch machine show tells which QEMU is used; name another with --qemu',
            },
          ),
        );
      });
      child.once('close', () => {
        resolve();
      });
    });
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', kill);
  }
  throwIfCancelled(signal);
  return said;
}

function readingFailure(
  { disk, partition }: ReadDisk,
  report: ReaderReport,
  said: string,
  console: string,
): AnyarchError {
  const devices = report.devices.map(({ device, type }) => `${device} ${type}`);
  const details = { disk, devices, said: report.said };
  const names = report.candidates.map(({ device }) => device.replace(/^\/dev\/(vda|mapper\/)/, ''));
  const encrypted = report.devices.find(({ type }) => type === 'crypto_LUKS');
  switch (report.code) {
    case 3:
      return new AnyarchError(
        'ANYARCH_DISK_INVALID',
        `no Linux system was found on ${disk}${partition === undefined ? '' : ` in ${partition}`}${encrypted === undefined ? '' : `; ${encrypted.device} is encrypted`}`,
        {
          hint:
            encrypted !== undefined
              ? 'encrypted volumes are not opened: copy the system to a disk that is not encrypted'
              : `it has ${devices.length === 0 ? 'nothing that is known' : devices.join(', ')}; known are ext4, xfs, btrfs and f2fs, also in LVM`,
          details,
        },
      );
    case 4:
      return new AnyarchError(
        'ANYARCH_DISK_INVALID',
        `there are several systems on ${disk}: ${names.join(', ')}`,
        {
          hint: `name one: --partition ${names[0] ?? '1'}`,
          details,
        },
      );
    case undefined:
    default:
      if (/Failed to get .*lock/.test(said))
        return new AnyarchError('ANYARCH_DISK_INVALID', `${disk} is being used by a machine`, {
          hint: 'switch that machine off first',
          details: { disk, qemu: said.trim() },
        });
      return new AnyarchError(
        /no space left/i.test(said) ? 'ANYARCH_DISK_FULL' : 'ANYARCH_MACHINE_FAILED',
        `the helper that reads ${disk} ended before it was done: ${report.said.at(-1) ?? (said.trim() || 'it said nothing')}`,
        {
          hint: 'anyarch machine create NAME --image DISK starts the disk itself, if it can be',
          details: { ...details, qemu: said.trim(), console: console.slice(-2000) },
        },
      );
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
