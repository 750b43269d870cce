import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { obtainPrograms, type Programs } from '../../../src/debian-programs/index.ts';
import type { Host } from '../../../src/host/host.ts';
import { nodeHost } from '../../../src/host/node/node-host.ts';
import { layerBytes, layersDirectory } from '../../../src/machine/layers/index.ts';
import { machinePlaces, type MachinePlaces } from '../../../src/machine/places.ts';
import { programsHost } from '../tiny-machines/programs-host.ts';

export const mebibyte = 1024 * 1024;

/** A state directory whose machines have real disks, made and changed by QEMU's own programs, and never run. */
export interface LayeredMachines {
  readonly directory: string;
  readonly host: Host;
  /** The program that is found in PATH, whatever is put in its place. */
  readonly imageTool: string;
  /** Words that start QEMU's own. */
  command(name: 'qemu-img' | 'qemu-io' | 'qemu-storage-daemon'): readonly string[];
  run(name: 'qemu-img' | 'qemu-io', ...words: string[]): string;
  base(format?: 'qcow2' | 'raw', bytes?: number): string;
  /** @returns its file; with something random in random places */
  layer(name: string, below: string, bytes?: number): string;
  scribble(file: string): void;
  machine(name: string, disk: string): MachinePlaces;
  snapshot(machine: MachinePlaces, name: string, layer: string): void;
  /** What a guest sees of it now, as a raw file. */
  content(file: string): string;
  isContent(file: string, content: string): boolean;
  /** Names of the files, the top one first. */
  chain(file: string): string[];
  layers(): string[];
  /** Has the program in PATH do something before it is QEMU's: shell, which may change "$@". */
  interpose(script: string): void;
  remove(): void;
}

let known: Promise<Programs> | undefined;

export async function layeredMachines(): Promise<LayeredMachines> {
  known ??= obtainPrograms(programsHost(), { packages: ['qemu-utils'] });
  const programs = await known;
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-layered-'));
  const bin = join(directory, 'bin');
  const environment = { ...process.env, ANYARCH_HOME: directory, PATH: bin };
  const host = nodeHost({ system: { environment } });
  const layers = layersDirectory(host.system);
  for (const one of [bin, layers]) mkdirSync(one, { recursive: true });
  const imageTool = join(bin, 'qemu-img');
  let contents = 0;

  const command: LayeredMachines['command'] = (name) => programs.command(name);
  const run: LayeredMachines['run'] = (name, ...words) => {
    const [program = '', ...args] = [...command(name), ...words];
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const formatOf = (file: string) => (file.endsWith('.raw') ? 'raw' : 'qcow2');
  const scribble = (file: string): void => {
    const bytes = (
      JSON.parse(run('qemu-img', 'info', '--output=json', '-f', formatOf(file), file)) as {
        'virtual-size': number;
      }
    )['virtual-size'];
    const words = Array.from({ length: 12 }, (_, index) => {
      const at = Math.floor((Math.random() * bytes) / 512) * 512;
      const length = Math.min(bytes - at, 512 * Math.ceil(Math.random() * 3000));
      const isZeroed = index % 4 === 3;
      return [
        '-c',
        `write ${isZeroed ? '-zu' : `-P ${1 + Math.floor(Math.random() * 254)}`} ${at} ${length}`,
      ];
    });
    // The end of each, which is where sizes differ.
    run('qemu-io', '-f', formatOf(file), ...words.flat(), '-c', `write -P 255 ${bytes - 512} 512`, file);
  };
  const interpose = (script: string): void => {
    const words = command('qemu-img').map((word) => `'${word}'`);
    writeFileSync(imageTool, `#!/bin/sh\n${script}\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
  };
  interpose('');

  return {
    ...{ directory, host, imageTool, command, run, scribble, interpose },
    base: (format = 'qcow2', bytes = 32 * mebibyte) => {
      const file = join(directory, `base.${format}`);
      run('qemu-img', 'create', '-q', '-f', format, file, String(bytes));
      scribble(file);
      return file;
    },
    layer: (name, below, bytes = 32 * mebibyte) => {
      const file = join(layers, `${name}.qcow2`);
      const backing = ['-F', formatOf(below), '-b', below];
      run('qemu-img', 'create', '-q', '-f', 'qcow2', ...backing, file, String(bytes));
      scribble(file);
      return file;
    },
    machine: (name, disk) => {
      const places = machinePlaces(host.system, name);
      mkdirSync(places.directory, { recursive: true });
      symlinkSync(disk, places.disk);
      return places;
    },
    snapshot: ({ snapshots }, name, layer) => {
      mkdirSync(join(snapshots, name), { recursive: true });
      const document = { schema: 'anyarch/machine-snapshot/1', name, createdMs: 1, layer, diskBytes: 1 };
      writeFileSync(join(snapshots, name, 'snapshot.json'), JSON.stringify(document));
    },
    content: (file) => {
      contents += 1;
      const content = join(directory, `content-${contents}.raw`);
      run('qemu-img', 'convert', '-f', 'qcow2', '-O', 'raw', file, content);
      return content;
    },
    isContent: (file, content) => {
      // Space that is lost only (exit code 3) is repaired.
      expectExit([0, 3], () => run('qemu-img', 'check', '-q', '-r', 'leaks', '-f', 'qcow2', file));
      if (layerBytes(host.files, file) !== statSync(content).size) return false;
      const words = ['compare', '-q', '-f', 'qcow2', '-F', 'raw', file, content];
      return expectExit([0, 1], () => run('qemu-img', ...words)) === 0;
    },
    chain: (file) => {
      const words = ['info', '-U', '--backing-chain', '--output=json', '-f', 'qcow2', file];
      const found = JSON.parse(run('qemu-img', ...words)) as { filename: string }[];
      return found.map(({ filename }) => basename(filename));
    },
    layers: () =>
      readdirSync(layers)
        .filter((name) => name.endsWith('.qcow2'))
        .toSorted(),
    remove: () => {
      rmSync(directory, { recursive: true });
    },
  };
}

function expectExit(codes: readonly number[], action: () => void): number {
  try {
    action();
    return 0;
  } catch (error) {
    const { status } = error as { status?: number | null };
    if (typeof status === 'number' && codes.includes(status)) return status;
    throw error;
  }
}
