import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anyarch, distribution, repository } from './places.ts';
import type { Contender } from './contender.ts';
import { measure } from './measure.ts';
import type { Measurement, MeasureOptions } from './measure.ts';
import { runProgram } from './programs.ts';

/** Bytes. */
export interface Sizes {
  /** Without declarations, which are never loaded. */
  readonly distribution: number;
  readonly tarball: number;
  readonly unpacked: number;
}

export function packageSizes(): Sizes {
  const [packed] = JSON.parse(
    runProgram(['npm', 'pack', '--dry-run', '--json', '--ignore-scripts'], {
      directory: fileURLToPath(repository),
    }),
  ) as { size: number; unpackedSize: number }[];
  if (packed === undefined) throw new Error('npm pack reports no package');
  return {
    distribution: sizeOf(fileURLToPath(distribution)),
    tarball: packed.size,
    unpacked: packed.unpackedSize,
  };
}

function sizeOf(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile() && /\.[cm]?js$/.test(entry.name))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** Starting Node, alone and with what anyarch loads. */
export function measureStarting(options: MeasureOptions): Promise<Measurement[]> {
  // Parsing the certificates takes Node longer than anyarch's own code; bin/anyarch removes the variable, too.
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
  const contender = (name: string, command: readonly string[]): Contender => ({
    name,
    run: () => {
      runProgram(command, { environment });
      return undefined;
    },
  });
  const importing = (file: string) => [
    process.execPath,
    '--input-type=module',
    '--eval',
    `import '${new URL(file, distribution).href}'`,
  ];
  return measure(
    [
      contender('node alone', [process.execPath, '--input-type=module', '--eval', '']),
      contender("import 'anyarch'", importing('index.js')),
      contender("import 'anyarch/core'", importing('core/index.js')),
      contender('anyarch --version', [anyarch, '--version']),
    ],
    options,
  );
}
