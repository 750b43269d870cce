import * as fs from 'node:fs';
import type { Host } from '../../host/host.ts';
import { makeSet as makeRealSet } from '../adapt/index.ts';
import type { SetLibrary, SetProgram } from '../make-set.ts';
import { fileInside, type IndexedPackage } from '../../debian/index.ts';
import type { SetDocument, UsedPackage } from '../store/set-document.ts';
import type { Making, SetPlan } from './making.ts';
import type { NativeProgram } from './native-programs.ts';
import type { PreparedGuest } from './prepare-guest.ts';
import type { SetIdentity } from './set-identity.ts';
import { setWriter } from './write-set.ts';

export interface SetToWrite {
  readonly plan: SetPlan;
  readonly programs: readonly NativeProgram[];
  readonly guest: PreparedGuest;
  readonly identity: SetIdentity;
  readonly directory: string;
}

/** Writes a whole set, its document last. */
export async function writeSet(host: Host, making: Making, wanted: SetToWrite): Promise<SetDocument> {
  const { options, sides } = making;
  const { plan, programs, guest, identity, directory } = wanted;
  const makeSet = options.parts?.makeSet ?? makeRealSet;
  fs.mkdirSync(directory, { mode: 0o755 });
  const writer = setWriter(directory);
  const notAdapted = await makeSet(
    host,
    {
      id: identity.id,
      host: {
        architecture: sides.host.architecture.name,
        debian: sides.host.debian,
        triplet: sides.host.triplet,
      },
      guest: {
        architecture: sides.guest.architecture.name,
        debian: sides.guest.debian,
        triplet: sides.guest.triplet,
      },
      programs: programs.map((one) => setProgram(guest, one)),
      libraries: librariesOf(programs),
      loader: programs.map(({ host: { loader } }) => loader).find((one) => one !== undefined),
    },
    (file) => {
      writer.write(file);
      return Promise.resolve();
    },
  );
  const document: SetDocument = {
    schema: 'anyarch/tool-set/1',
    id: identity.id,
    inputs: identity.inputs,
    group: plan.group,
    hostArchitecture: sides.host.architecture.name,
    guestArchitecture: plan.guestArchitecture,
    packages: usedPackages(programs.flatMap(({ host: { packages } }) => [...packages])),
    files: writer.files(),
    notAdapted: notAdapted.map(({ name, reason }) => ({ name, reason })),
    madeAt: new Date(host.clock.now()).toISOString(),
    madeBy: options.version,
  };
  writer.finish(document);
  return document;
}

/** The path of a tool's program in its set. */
export function pathInSet({ planned: { name } }: NativeProgram): string {
  return `bin/${name}`;
}

function setProgram({ root }: PreparedGuest, one: NativeProgram): SetProgram {
  const { planned, host } = one;
  const guestFile = fileInside(root, planned.guest.path) ?? planned.guest.path;
  return {
    // What is reported by name must be found by it.
    tool: {
      ...planned.tool,
      name: planned.name,
      guest: { ...planned.tool.guest, path: planned.guest.path },
      host: { package: planned.host.package.name, path: planned.host.path },
    },
    path: pathInSet(one),
    file: host.file,
    guestFile: `${root}/${guestFile}`,
  };
}

function librariesOf(programs: readonly NativeProgram[]): SetLibrary[] {
  const libraries = new Map(programs.flatMap(({ host }) => [...host.libraries]));
  return [...libraries].map(([name, file]) => ({ name, file }));
}

export function usedPackages(packages: readonly IndexedPackage[]): UsedPackage[] {
  return [...new Set(packages)]
    .map(({ name, version, architecture, sha256 }) => ({ name, version, architecture, sha256 }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
