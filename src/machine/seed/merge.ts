import { isList, isMapping, type CloudConfig, type CloudValue } from './cloud-config.ts';

/** Keys without which anyarch could not log in, or would not recognize the machine. */
const ownOnly: ReadonlySet<string> = new Set(['ssh_keys', 'ssh_deletekeys']);
/** Of the user who logs in: by the number mounts belong to it, with the shell and as root anyarch's commands run. */
const ownOfUser = ['name', 'uid', 'sudo', 'shell', 'system'];

/**
 * One document of ours and theirs: mappings are merged key by key, lists are appended to ours, and of other values
 * theirs counts. `users` is merged by name, and what the login depends on stays as it is: the user, its number, shell,
 * keys and right to become root, the machine's host keys, and that root may log in where root is the user.
 */
export function mergeUserData(ours: CloudConfig, theirs: CloudConfig, user: string): CloudConfig {
  const merged = mergeMappings(ours, without(theirs, ['users', ...ownOnly]));
  const left = Object.fromEntries(
    Object.entries(theirs).filter(([key]) => ownOnly.has(key) && ours[key] === undefined),
  );
  const users = mergeUsers(ours['users'], theirs['users'], user);
  const root = ours['disable_root'] === false ? { disable_root: false } : {};
  return { ...merged, ...left, ...root, ...(users === undefined ? {} : { users }) };
}

function mergeUsers(
  ours: CloudValue | undefined,
  theirs: CloudValue | undefined,
  user: string,
): CloudValue | undefined {
  if (!isList(ours)) return theirs;
  if (!isList(theirs)) return ours;
  const isSame = (entry: CloudValue): boolean => isMapping(entry) && entry['name'] === user;
  const merged = ours.map((entry) =>
    theirs
      .filter((one) => isSame(entry) && isSame(one))
      .reduce(
        (sum, one) => (isMapping(sum) && isMapping(one) ? mergeMappings(sum, without(one, ownOfUser)) : sum),
        entry,
      ),
  );
  return [...merged, ...theirs.filter((entry) => !isSame(entry))];
}

function mergeMappings(ours: CloudConfig, theirs: CloudConfig): CloudConfig {
  const result = new Map<string, CloudValue>(Object.entries(ours));
  for (const [key, value] of Object.entries(theirs)) result.set(key, mergeValues(result.get(key), value));
  return Object.fromEntries(result);
}

function mergeValues(ours: CloudValue | undefined, theirs: CloudValue): CloudValue {
  if (isMapping(ours) && isMapping(theirs)) return mergeMappings(ours, theirs);
  if (isList(ours) && isList(theirs)) return [...ours, ...theirs];
  return theirs;
}

function without(config: CloudConfig, keys: readonly string[]): CloudConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}
