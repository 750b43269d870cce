import { describe, expect, it } from 'vitest';
import { definitions, findDefinition } from '../../src/machine/definition/table.ts';
import { bootTiny, tinyDiskBytes } from '../support/tiny-machines/boot.ts';
import { tinyKernel } from '../support/tiny-machines/kernel.ts';

/** What `uname -m` says, where it is not the definition's architecture. */
const machineNames: Readonly<Record<string, string>> = { arm: 'armv7l', mips64el: 'mips64', mipsel: 'mips' };

function hasDisk(said: readonly string[], name: string | undefined, sectors: number): boolean {
  return said.some((line) => line.startsWith(`disk ${name} ${sectors} `));
}

describe.each(definitions)('$name', (definition) => {
  it('boots by its definition, with its disk, seed and network card', async () => {
    const boot = await bootTiny(definition, await tinyKernel(definition));
    console.log(`${definition.name}: ${boot.seconds.toFixed(1)} s`);
    expect(boot.said, `${boot.messages}\n${boot.console.slice(-3000)}`).toContain(
      `machine ${machineNames[definition.architecture] ?? definition.architecture}`,
    );
    const names = definition.bus === 'board' ? ['mmcblk0', 'sda'] : ['vda', 'vdb'];
    // Linux looks at devices of channels side by side: which disk is first is chance, and nothing of ours goes by it.
    const [disk, seed] = hasDisk(boot.said, names[1], tinyDiskBytes / 512) ? names.toReversed() : names;
    expect(disk === names[0] || definition.bus === 'ccw').toBe(true);
    expect(boot.said).toContain(`disk ${disk} ${tinyDiskBytes / 512} 0`);
    // The seed is only read.
    expect(boot.said).toContain(`disk ${seed} 128 1`);
    // A card without interrupts shows up, too, and cannot be used.
    expect(boot.said).toContain(definition.bus === 'board' ? 'card eth0' : 'up eth0');
  });
});

describe('the kernel of another architecture', () => {
  it('says nothing on a machine of this one', async () => {
    const boot = await bootTiny(findDefinition('s390x'), await tinyKernel(findDefinition('arm64')), {
      timeoutMs: 10_000,
    });
    expect(boot.said).toEqual([]);
  });
});
