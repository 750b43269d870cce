import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of anyarch's own package, whether it runs from `dist/cli` or from the sources. */
export function ownFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

export function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(ownFile('package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}
