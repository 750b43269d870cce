import { lstatSync, readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a line left behind: by what is compared, what it was. */
export interface LineResult {
  /** Undefined: the line did not come to its end. */
  readonly code: number | undefined;
  readonly milliseconds: number;
  /** `stdout`, `stderr`, `exit code`, and each file by its path: kind, permissions, and content. */
  readonly seen: ReadonlyMap<string, Uint8Array>;
}

/** @param directory the line's own, as driver.ts describes it */
export function readLineResult(directory: string): LineResult {
  const seen = new Map<string, Uint8Array>();
  const code = readIfThere(join(directory, 'code'));
  if (code === undefined) return { code: undefined, milliseconds: 0, seen };
  seen.set('exit code', code);
  seen.set('stdout', readFileSync(join(directory, 'out')));
  seen.set('stderr', readFileSync(join(directory, 'err')));
  addFiles(seen, join(directory, 'w'), '');
  return {
    code: Number(new TextDecoder().decode(code)),
    milliseconds: statSync(join(directory, 'code')).mtimeMs - statSync(join(directory, 'begun')).mtimeMs,
    seen,
  };
}

function addFiles(seen: Map<string, Uint8Array>, top: string, below: string): void {
  for (const name of readdirSync(join(top, below)).sort()) {
    const path = join(below, name);
    const status = lstatSync(join(top, path));
    const mode = (status.mode & 0o7777).toString(8);
    const text = (what: string): Uint8Array => new TextEncoder().encode(what);
    if (status.isDirectory()) {
      seen.set(`file ${path}`, text(`directory ${mode}`));
      addFiles(seen, top, path);
    } else if (status.isSymbolicLink()) {
      seen.set(`file ${path}`, text(`link to ${readlinkSync(join(top, path))}`));
    } else if (status.isFile()) {
      seen.set(`mode of ${path}`, text(`file ${mode}`));
      seen.set(`file ${path}`, readFileSync(join(top, path)));
    } else {
      seen.set(`file ${path}`, text(`special ${(status.mode & 0o170000).toString(8)} ${mode}`));
    }
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
