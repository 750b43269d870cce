import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findArchitecture } from '../../core/architecture.ts';
import { buildElf } from '../../core/testing/elf-image.ts';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { createdAt } from '../annotations.ts';
import type { BuildOptions } from '../build-options.ts';
import { parseTag } from '../content/tag.ts';
import { hostPlatform } from '../host-platform.ts';

const testVersion = '1.2.3';

/** Programs and emulators to build images of: whole ELF headers, and text for code. */
export interface ImageSources {
  readonly directory: string;
  readonly programs: string;
  readonly emulators: string;
}

export function makeImageSources(
  platforms: readonly string[],
  targets: readonly string[],
  directory = mkdtempSync(join(tmpdir(), 'anyarch-image-')),
): ImageSources {
  const [programs, emulators] = [join(directory, 'programs'), join(directory, 'emulators')];
  for (const name of platforms) {
    const { fileName, host } = hostPlatform(name);
    for (const parent of [programs, emulators]) mkdirSync(join(parent, fileName), { recursive: true });
    writeFileSync(join(programs, fileName, 'anyarch'), programFor(host, `program for ${name}`));
    for (const target of targets) {
      const text = `\0qemu-${target} version 11.1.3 (Debian 1:11.1.3+ds-1)\n\0${'code '.repeat(5000)}`;
      writeFileSync(join(emulators, fileName, `qemu-${target}-static`), programFor(host, text));
    }
  }
  writeFileSync(join(programs, 'ingredients.json'), JSON.stringify(ingredientsOf(platforms)));
  return { directory, programs, emulators };
}

function ingredientsOf(platforms: readonly string[]) {
  const libraries = [
    { name: 'quickjs', version: '2025.04.26', file: 'pool/quickjs.tar.xz', sha256: 'ab'.repeat(32) },
    { name: 'musl', version: '1.2.5-3', file: 'pool/musl.deb', sha256: 'cd'.repeat(32) },
  ];
  return { programs: Object.fromEntries(platforms.map((name) => [hostPlatform(name).fileName, libraries])) };
}

export function programFor(architecture: string, text: string): Buffer {
  const { elf } = findArchitecture(architecture);
  return Buffer.concat([buildElf({ ...elf, flags: elf.flags.value }), Buffer.from(text)]);
}

export function imageOptions(
  sources: ImageSources,
  wanted: {
    readonly platforms: readonly string[];
    readonly tags: readonly string[];
    readonly targets: readonly string[];
  },
  others: Partial<BuildOptions> = {},
): BuildOptions {
  return {
    tags: wanted.tags.map((tag) => parseTag(tag, testVersion)),
    platforms: wanted.platforms.map(hostPlatform),
    targets: wanted.targets,
    emulators: { kind: 'directory', directory: sources.emulators },
    programs: sources.programs,
    licence: 'the licence\n',
    output: join(sources.directory, 'output'),
    format: 'oci',
    compression: 'gzip',
    name: 'docker.io/library/anyarch',
    facts: { version: testVersion, revision: undefined, source: undefined, created: createdAt(0) },
    attestations: true,
    cache: join(sources.directory, 'layers'),
    ...others,
  };
}

/** Nothing of it is asked for when emulators come from a directory. */
export function imageHost(): FakeHost {
  return fakeHost();
}
