/** What registers entries when the machine starts. `debian`: binfmt-support, whatever init starts it. */
export type InitName = 'systemd' | 'debian' | 'openrc' | 'runit';

export const initNames = ['systemd', 'debian', 'openrc', 'runit'] as const satisfies readonly InitName[];

export function isInitName(value: unknown): value is InitName {
  return initNames.some((name) => name === value);
}
