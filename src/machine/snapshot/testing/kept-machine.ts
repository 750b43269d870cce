import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnyarchError, type ErrorDetails } from '../../../core/error.ts';
import { nodeFiles } from '../../../host/node/node-files.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import { activeDisk, createDisk } from '../../layers/index.ts';
import { machinePlaces, type MachinePlaces } from '../../places.ts';
import type { Monitor } from '../../state/monitor.ts';
import type { Machine } from '../../life/machine.ts';
import { exampleRecord } from '../../life/testing/example-machine.ts';

export const imageTool = ['qemu-img'];
export const diskBytes = 10 * 1024 ** 3;
export const qemu = { version: '10.0.13', sha256: 'f'.repeat(64) };
export const command = [
  '/usr/bin/qemu-system-aarch64',
  '-machine',
  'virt',
  '-cpu',
  'cortex-a57',
  '-netdev',
  'user,id=net0',
];

type KeptHost = Omit<FakeHost, 'files'> & { readonly files: typeof nodeFiles };

export interface KeptMachine {
  readonly host: KeptHost;
  readonly places: MachinePlaces;
  readonly machine: Machine;
  readonly directory: string;
  remove(): void;
}

/** A machine's directory on a real disk, with a disk of its own over a base. Its qemu-img writes headers only. */
export function keptMachine(): KeptMachine {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-kept-'));
  const fake = fakeHost({
    system: { environment: { HOME: directory, ANYARCH_HOME: directory }, uid: process.getuid?.() ?? 0 },
  });
  fake.processes.on(['qemu-img', 'create'], (words) => {
    const backing = words[words.indexOf('-b') + 1] ?? '';
    writeFileSync(words.at(-2) ?? '', qcow2Header(backing, Number(words.at(-1))), { flag: 'wx' });
    return {};
  });
  const host = { ...fake, files: nodeFiles };
  const places = machinePlaces(host.system, 'demo');
  host.files.makeDirectory(places.directory);
  const base = join(directory, 'base.qcow2');
  writeFileSync(base, qcow2Header('', diskBytes));
  writeFileSync(places.variables, 'variables');
  createDisk(host, places, { imageTool, backing: { file: base, format: 'qcow2' }, bytes: diskBytes });
  const remove = (): void => {
    rmSync(directory, { recursive: true });
  };
  return { host, places, machine: { record: exampleRecord, places }, directory, remove };
}

/** As the format has it, without anything behind it. */
export function qcow2Header(backing: string, bytes: number): Buffer {
  const name = Buffer.from(backing);
  const header = Buffer.alloc(104);
  header.writeUInt32BE(0x51_46_49_fb, 0);
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(name.length === 0 ? 0n : 104n, 8);
  header.writeUInt32BE(name.length, 16);
  header.writeBigUInt64BE(BigInt(bytes), 24);
  return Buffer.concat([header, name]);
}

/** Has a table, too, as qemu-img makes it: 16 bytes at 4096. */
export function emptyQcow2(backing: string, bytes: number): Buffer {
  const file = Buffer.alloc(4112);
  qcow2Header(backing, bytes).copy(file);
  file.writeUInt32BE(2, 36);
  file.writeBigUInt64BE(4096n, 40);
  return file;
}

type RunState = 'running' | 'paused' | 'postmigrate' | 'inmigrate';

export interface ScriptedQemu extends Monitor {
  /** Commands so far. */
  readonly asked: readonly string[];
  readonly status: () => RunState;
  /** The file that is written to. */
  readonly disk: () => string;
}

/** What a running QEMU does with these commands, as far as they concern files. */
export function scriptedQemu(
  { host, places }: Pick<KeptMachine, 'host' | 'places'>,
  {
    failure,
    refuses = [],
    silent = [],
    found = 'running',
    migration,
  }: {
    readonly failure?: string;
    readonly refuses?: readonly string[];
    /** Commands that are done, and whose answers come too late. */
    readonly silent?: readonly string[];
    /** What it is at before the first command. */
    readonly found?: RunState;
    /** That of a command that is gone. */
    readonly migration?: 'active' | 'completed';
  } = {},
): ScriptedQemu {
  let status: RunState = found;
  let earlier: string | undefined = migration;
  let disk = activeDisk(host.files, places);
  let node = 'disk';
  const added = new Map<string, string>();
  const asked: string[] = [];
  const execute = (command: string, words: Readonly<Record<string, unknown>> = {}): unknown => {
    asked.push(command);
    if (refuses.includes(command)) throw failed(`refused: ${command}`, { class: 'GenericError' });
    switch (command) {
      case 'stop':
        status = 'paused';
        return {};
      case 'cont':
        status = 'running';
        return {};
      case 'migrate':
        earlier = undefined;
        writeFileSync(String(words['uri']).replace('file:', ''), 'memory');
        if (failure === undefined) status = 'postmigrate';
        return {};
      case 'query-status':
        return { status };
      case 'migrate_cancel':
        earlier = 'cancelled';
        return {};
      case 'query-migrate':
        if (earlier !== undefined) return { status: earlier };
        return failure === undefined ? { status: 'completed' } : { status: 'failed', 'error-desc': failure };
      case 'query-block':
        return [{ inserted: { file: disk, 'node-name': node } }];
      case 'blockdev-add':
        added.set(String(words['node-name']), (words['file'] as { filename: string }).filename);
        return {};
      case 'blockdev-snapshot':
        if (words['node'] !== node) throw new Error(`there is no node ${String(words['node'])}`);
        node = String(words['overlay']);
        disk = added.get(node) ?? '';
        return {};
      default:
        return {};
    }
  };
  return {
    execute: (command, words) =>
      new Promise((resolve) => {
        const reply = execute(command, words);
        if (silent.includes(command)) throw failed(`no answer to ${command}`, {});
        resolve(reply);
      }),
    asked,
    status: () => status,
    disk: () => disk,
  };
}

function failed(message: string, details: ErrorDetails): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_FAILED', message, { hint: 'look at the test', details });
}
