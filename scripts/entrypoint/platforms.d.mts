export interface Platform {
  readonly name: string;
  readonly debian: string;
  readonly triplet: string;
  readonly musl: string;
  readonly qemu: string;
  readonly flags: readonly string[];
  readonly unreadableSections?: readonly string[];
}
export const platforms: readonly Platform[];
export function folderOf(platform: Pick<Platform, 'name'>): string;
export function compilerPackage(platform: Pick<Platform, 'debian' | 'triplet'>, host: string): string;
