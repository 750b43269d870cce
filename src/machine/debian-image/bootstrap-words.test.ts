import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapWords, type Bootstrap } from './bootstrap-words.ts';

const plain: Bootstrap = {
  architecture: 'arm64',
  suite: 'trixie',
  mirror: 'http://mirror.example/debian',
  keyring: '/keys.gpg',
  packages: ['curl', 'sudo'],
  loader: undefined,
  files: '/files.tar',
  boot: '/boot',
  output: '/root.tar',
};

describe('bootstrapWords', () => {
  it('ends with suite, archive and source, and names packages and architecture', () => {
    const words = bootstrapWords(plain);
    expect(words.slice(-3)).toEqual(['trixie', '/root.tar', 'deb http://mirror.example/debian trixie main']);
    expect(words).toContain('--include=curl,sudo');
    expect(words).toContain('--architectures=arm64');
    expect(words).toContain('--keyring=/keys.gpg');
    expect(words.join('\n')).not.toContain('grub');
  });

  it("makes the loader with the guest's own GRUB, and takes the board's description along", () => {
    const loader = { package: 'grub-efi-arm64-bin', format: 'arm64-efi', file: 'BOOTAA64.EFI' };
    const words = bootstrapWords({ ...plain, loader, deviceTree: 'broadcom/board.dtb' }).join('\n');
    expect(words).toContain('chroot "$1" grub-mkimage -O arm64-efi -o /boot/anyarch-loader.efi');
    expect(words).toContain('/broadcom/board.dtb /boot/device-tree');
  });

  it('asks no other program what can be run: not everybody has arch-test, and not each knows all architectures', () => {
    expect(bootstrapWords(plain)).toContain('--skip=check/qemu');
  });

  it('takes lists past their date when told so, and leaves nothing of that in the image', () => {
    expect(bootstrapWords(plain).join('\n')).not.toContain('Valid-Until');
    const words = bootstrapWords({ ...plain, allowExpired: true });
    expect(words).toContain('--aptopt=Acquire::Check-Valid-Until "false"');
    const hook = words.find((word) => word.startsWith('--customize-hook=sed'))?.replace(/^[^=]*=/, '') ?? '';
    const root = mkdtempSync(join(tmpdir(), 'anyarch-bootstrap-'));
    try {
      const options = join(root, 'etc/apt/apt.conf.d/99mmdebstrap');
      mkdirSync(dirname(options), { recursive: true });
      // Each line as mmdebstrap writes it: with a semicolon (mmdebstrap(1), --aptopt).
      writeFileSync(options, 'Acquire::Retries "3";\nAcquire::Check-Valid-Until "false";\n');
      execFileSync('sh', ['-c', hook, 'sh', root]);
      expect(readFileSync(options, 'utf8')).toBe('Acquire::Retries "3";\n');
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("gives mmdebstrap's shell any path as one word", () => {
    const paths = fc.string({ minLength: 1, unit: 'grapheme-ascii' }).map((name) => `/${name}`);
    fc.assert(
      fc.property(paths, (files) => {
        const hook = bootstrapWords({ ...plain, files }).find((word) => word.includes('tar-in')) ?? '';
        const line = hook.slice('--essential-hook='.length);
        const script = `tar-in() { printf '%s\\n' "$#" "$1"; }\n${line}`;
        // bash, as its functions may have such names.
        expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(`2\n${files}\n`);
      }),
      { numRuns: 20 },
    );
  });
});
