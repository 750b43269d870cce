import { fromHex } from '../../core/hex.ts';
import { buildStaticExecutable } from '../../core/launcher/static-executable.ts';

/**
 * What /proc/cpuinfo calls the features of each microarchitecture level (x86-64 psABI, table 3.1). That the system
 * saves the registers of AVX (OSXSAVE) is not listed: the kernel lists `avx` only then.
 */
const featuresOfLevels: readonly (readonly string[])[] = [
  ['pni', 'ssse3', 'cx16', 'sse4_1', 'sse4_2', 'popcnt', 'lahf_lm'],
  ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'],
  ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'],
];

/** 1 to 4. */
export function levelOfCpuInfo(cpuInfo: string): number {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuInfo)?.[1]?.trim().split(/\s+/));
  const missing = featuresOfLevels.findIndex((features) => !features.every((one) => flags.has(one)));
  return missing === -1 ? featuresOfLevels.length + 1 : missing + 1;
}

/** What the probe's exit code is more than the level: tonistiigi/binfmt's is the same. */
const exitCodeBase = 64;

/** 1 or 2, as far as the probe asks; undefined when it did not run to its end. */
export function levelOfExitCode(code: number): 1 | 2 | undefined {
  if (code === exitCodeBase + 1) return 1;
  return code === exitCodeBase + 2 ? 2 : undefined;
}

/** A program that asks the processor, or what emulates it, for the features of level 2. */
export function x86LevelProbe(): Uint8Array {
  return buildStaticExecutable(
    { class: 64, endianness: 'little', machine: 62 },
    fromHex(code.join('')) ?? never(),
  );
}

const code: readonly string[] = [
  'bf41000000', // mov edi, 65
  'b801000000', // mov eax, 1
  '0fa2', // cpuid
  '81e101229800', // and ecx, SSE3 | SSSE3 | CMPXCHG16B | SSE4.1 | SSE4.2 | POPCNT
  '81f901229800', // cmp ecx, all of them
  '750e', // jne exit
  'b801000080', // mov eax, 0x80000001
  '0fa2', // cpuid
  'f6c101', // test cl, LAHF-SAHF
  '7402', // je exit
  'ffc7', // inc edi
  'b83c000000', // exit: mov eax, 60
  '0f05', // syscall
];

function never(): never {
  throw new Error('the code of the level probe is not hexadecimal');
}
