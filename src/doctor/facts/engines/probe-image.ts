import { pack } from 'tar-stream';
import { buildProbe } from '../../../core/probe/probe.ts';

/** Where the probe of an architecture is in the image. */
export function probePath(architecture: string): string {
  return `/probe-${architecture}`;
}

/** A root file system with nothing but probes, as a tar archive for `import`. @param architectures QEMU's target names */
export async function probeRoot(architectures: readonly string[]): Promise<Uint8Array> {
  const archive = pack();
  for (const architecture of architectures)
    archive.entry(
      { name: probePath(architecture).slice(1), mode: 0o755, mtime: new Date(0) },
      Buffer.from(buildProbe(architecture)),
    );
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
