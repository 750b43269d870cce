/**
 * Whether a process is in the initial user namespace: only there, every user id is its own.
 *
 * @param uidMap content of its /proc/PID/uid_map: inner id, outer id and count on each line
 */
export function isInitialUserNamespace(uidMap: string): boolean {
  const fields = uidMap.trim().split(/\s+/).map(Number);
  return fields.length === 3 && fields[0] === 0 && fields[1] === 0 && fields[2] === 0xffffffff;
}
