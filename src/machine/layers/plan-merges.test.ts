import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { machinePlaces } from '../places.ts';
import { keptMachine, type KeptMachine } from '../snapshot/testing/kept-machine.ts';
import { layeredQcow2 } from '../snapshot/testing/layered-qcow2.ts';
import { layersDirectory } from './places.ts';
import { planMerges } from './plan-merges.ts';

let kept: KeptMachine;
let base: string;

const at = (name: string) => join(layersDirectory(kept.host.system), `${name}.qcow2`);

function layer(name: string, below: string, format = 'qcow2'): string {
  writeFileSync(at(name), layeredQcow2(below, format));
  return at(name);
}

function machine(name: string, disk: string): void {
  const places = machinePlaces(kept.host.system, name);
  kept.host.files.makeDirectory(places.directory);
  rmSync(places.disk, { force: true });
  symlinkSync(disk, places.disk);
}

function planned(...unchangeable: string[]) {
  const reasons = new Map(unchangeable.map((name) => [`${name}.qcow2`, `${name} is in use`]));
  const { possible, blocked } = planMerges(kept.host, reasons);
  const names = (paths: readonly string[]) => paths.map((path) => basename(path, '.qcow2')).join(' ');
  return {
    possible: possible.map(({ path, layers, backing }) => [names([path, ...layers]), backing.file]),
    blocked: blocked.map(({ path, layers, reason }) => [names([path, ...layers]), reason]),
  };
}

beforeEach(() => {
  kept = keptMachine();
  base = join(kept.directory, 'base.qcow2');
  machine('demo', layer('top', layer('middle', layer('low', base))));
});

afterEach(() => {
  kept.remove();
});

describe('what can be merged', () => {
  it('is each run of layers with one above it, down to what stays', () => {
    expect(planned()).toEqual({ possible: [['top middle low', base]], blocked: [] });
  });

  it('ends at what a machine has, or two lie over', () => {
    machine('other', at('middle'));
    expect(planned().possible).toEqual([['middle low', base]]);
    machine('other', layer('beside', at('middle')));
    expect(planned().possible).toEqual([['middle low', base]]);
    machine('third', layer('near', at('low')));
    expect(planned().possible).toEqual([]);
  });

  it('does not count layers that nobody needs', () => {
    layer('lost', at('middle'));
    expect(planned().possible).toEqual([['top middle low', base]]);
  });

  it('goes to the highest that may be written to', () => {
    expect(planned('top').possible).toEqual([['middle low', base]]);
    expect(planned('top', 'middle')).toEqual({
      possible: [],
      blocked: [['top middle low', 'top is in use']],
    });
  });

  it('is nothing where a file is missing, or has another format, or is elsewhere', () => {
    layer('low', base, 'vmdk');
    expect(planned().possible).toEqual([]);
    layer('low', `${base}.gone`);
    expect(planned().possible).toEqual([]);
    rmSync(at('low'));
    expect(planned().possible).toEqual([]);
    layer('low', base);
    writeFileSync(join(kept.directory, 'middle.qcow2'), layeredQcow2(at('low'), 'qcow2'));
    layer('top', join(kept.directory, 'middle.qcow2'));
    expect(planned().possible).toEqual([]);
  });
});
