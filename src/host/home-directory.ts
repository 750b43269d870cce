import type { System } from './host.ts';

/** The user's home directory: `$HOME`, else what the user database says. Undefined when neither is an absolute path. */
export function homeDirectory({
  environment,
  home,
}: Pick<System, 'environment' | 'home'>): string | undefined {
  return [environment['HOME'], home].find((path) => path?.startsWith('/') === true);
}
