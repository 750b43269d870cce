import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { downloadSources } from '../../test/support/fixtures/apt.ts';
import { cached } from '../cached.ts';
import { runProgram } from '../programs.ts';
import type { Workload } from './workload.ts';
import { workloads } from './workloads.ts';

/** A directory with the source packages of all workloads, as the archive has them. */
export async function fetchSources(): Promise<string> {
  const sources = workloads.flatMap((workload) => workload.sources);
  const named = (debian: boolean) => [
    ...new Set(sources.filter((one) => (one.debian ?? false) === debian).map((one) => one.package)),
  ];
  const [whole, tarballs] = [named(true), named(false)];
  return await cached(`accelerate/sources-${[...whole, ...tarballs].join('+')}`, async (directory) => {
    mkdirSync(directory);
    await downloadSources('trixie', { whole, tarballs }, directory);
  });
}

/** Unpacks what a workload starts from, each source package in a directory of its name. */
export function unpackSources({ sources }: Workload, archives: string, directory: string): void {
  for (const source of sources) {
    const [name, debian] = [source.package, source.debian === true];
    const target = join(directory, name);
    const files = readdirSync(archives).filter((file) => file.startsWith(`${name}_`));
    if (debian) {
      const description = files.find((file) => file.endsWith('.dsc')) ?? `${name}.dsc`;
      runProgram(['dpkg-source', '--no-check', '-x', join(archives, description), target]);
      continue;
    }
    const tarball = files.find((file) => /\.orig\.tar\.\w+$/.test(file)) ?? `${name}.orig.tar`;
    mkdirSync(target);
    runProgram([
      'tar',
      '-C',
      target,
      '--strip-components=1',
      '--no-same-owner',
      '-xf',
      join(archives, tarball),
    ]);
  }
}
