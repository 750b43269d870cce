import * as fs from 'node:fs';

/**
 * Lays trees of packages over each other as dpkg would: files are linked, not copied, where the file system can; directories
 * are merged. The trees must stay as they are.
 */
export function joinTrees(trees: readonly string[], target: string): void {
  for (const tree of trees) joinDirectory(tree, target);
}

function joinDirectory(source: string, target: string): void {
  fs.mkdirSync(target, { recursive: true, mode: 0o755 });
  for (const entry of fs.readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [`${source}/${entry.name}`, `${target}/${entry.name}`];
    if (entry.isDirectory()) {
      joinDirectory(from, to);
      continue;
    }
    fs.rmSync(to, { force: true });
    if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(from), to);
    else linkOrCopy(from, to);
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    // EPERM: a file system without links; EMLINK: too many.
    if (!(error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'EMLINK')))
      throw error;
    fs.copyFileSync(from, to);
  }
}
