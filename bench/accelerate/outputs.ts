import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Exception, Workload } from './workload.ts';

/** What a run has left, by path: kind, mode and the digest of the content. */
export type Outputs = ReadonlyMap<string, string>;

export interface Comparison {
  /** Files, links and directories that were compared. */
  readonly compared: number;
  /** Paths that differ and must not. */
  readonly differences: readonly string[];
  /** Paths that differ and may, by their reasons. */
  readonly excepted: readonly { readonly reason: string; readonly paths: readonly string[] }[];
}

export function readOutputs(directory: string): Outputs {
  return new Map(pathsBelow(directory, '').map((path) => [path, describe(join(directory, path))]));
}

/** Node's own recursion follows links to directories. */
function pathsBelow(directory: string, prefix: string): string[] {
  return readdirSync(join(directory, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    return entry.isDirectory() ? [path, ...pathsBelow(directory, path)] : [path];
  });
}

export function compareOutputs(
  plain: Outputs,
  accelerated: Outputs,
  { compared, exceptions = [] }: Pick<Workload, 'compared' | 'exceptions'>,
): Comparison {
  const paths = [...new Set([...plain.keys(), ...accelerated.keys()])].filter(
    (path) => compared?.test(path) ?? true,
  );
  const differing = paths.filter((path) => plain.get(path) !== accelerated.get(path));
  const reasonOf = (path: string) => exceptions.find((one: Exception) => one.path.test(path))?.reason;
  const reasons = new Set(differing.map(reasonOf));
  return {
    compared: paths.length,
    differences: differing.filter((path) => reasonOf(path) === undefined),
    excepted: [...reasons].flatMap((reason) =>
      reason === undefined ? [] : [{ reason, paths: differing.filter((path) => reasonOf(path) === reason) }],
    ),
  };
}

function describe(path: string): string {
  const status = lstatSync(path);
  const mode = (status.mode & 0o7777).toString(8);
  if (status.isSymbolicLink()) return `link ${readlinkSync(path)}`;
  if (status.isDirectory()) return `directory ${mode}`;
  if (!status.isFile()) return `other ${mode}`;
  return `file ${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}
