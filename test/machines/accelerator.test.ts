import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseAccelerator } from '../../src/machine/accelerator/choose-accelerator.ts';
import { payloads } from '../../src/machine/accelerator/payload.ts';
import { proveAccelerator } from '../../src/machine/accelerator/prove.ts';
import { findDefinition } from '../../src/machine/definition/table.ts';
import { chooseCpu } from '../../src/machine/definition/choose-cpu.ts';
import { obtainTools } from '../../src/machine/tools/obtain-tools.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { programsHost } from '../support/tiny-machines/programs-host.ts';

describe.each(payloads)('the payload that proves KVM on $architecture', (payload) => {
  const definition = findDefinition(payload.architecture);
  const prove = async (image: Uint8Array) => {
    const tools = await obtainTools(programsHost(), definition);
    const accelerator = { name: 'tcg', cpu: chooseCpu(definition, tools.qemu.version).value } as const;
    const directory = join(temporaryDirectory('payload'), 'x');
    const proof = proveAccelerator(programsHost(), tools, { ...payload, image }, accelerator, directory);
    expect(existsSync(directory)).toBe(false);
    return proof;
  };

  it('runs where guests run', async () => {
    expect(await prove(payload.image)).toEqual({ works: true });
  });

  it('proves nothing where its instructions do not run', async () => {
    expect(await prove(new Uint8Array(payload.image.length))).toMatchObject({ works: false });
  });
});

describe('KVM', () => {
  it('is taken here only if a machine boots by it', async () => {
    const definition = findDefinition('amd64');
    const tools = await obtainTools(programsHost(), definition);
    const chosen = chooseAccelerator(programsHost(), definition, tools);
    console.log(`KVM: ${chosen.accelerator}, ${chosen.reason}`);
    expect(chosen.reason).not.toBe('');
    expect(chosen.accelerator === 'tcg' || existsSync('/dev/kvm')).toBe(true);
  });
});
