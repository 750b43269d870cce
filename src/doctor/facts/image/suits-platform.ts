import { lookUpArchitecture } from '../../../core/architecture.ts';

/** Which of two 32-bit arm platforms needs less; without a variant v7 is meant, as containerd normalises it. */
const variantsOfArm = ['v5', 'v6', 'v7', 'v8'];

/** Whether both are names of the same: linux/arm64 and linux/arm64/v8. Of 32-bit arm a variant that both name has to agree. */
export function isSamePlatform(one: string, other: string): boolean {
  if (!isSameArchitecture(one, other)) return false;
  const [a, b] = [one, other].map(variantOf);
  return !isArm(one) || a === undefined || b === undefined || a === b;
}

/** Whether an engine that wants a platform takes what is offered: of 32-bit arm also what needs less. */
export function suitsPlatform(wanted: string, offered: string): boolean {
  if (!isSameArchitecture(wanted, offered)) return false;
  const [most, its] = [wanted, offered].map((one) => variantsOfArm.indexOf(variantOf(one) ?? 'v7'));
  return !isArm(wanted) || (its ?? 0) <= (most ?? 0);
}

function isSameArchitecture(one: string, other: string): boolean {
  const [a, b] = [one, other].map((platform) => lookUpArchitecture(platform)?.name);
  return one === other || (a !== undefined && a === b);
}

function isArm(platform: string): boolean {
  return lookUpArchitecture(platform)?.name === 'arm';
}

function variantOf(platform: string): string | undefined {
  return platform.split('/')[2];
}
