/** The directory that holds what the path names; `.` and `/` are their own. */
export function parentOf(path: string): string {
  const named = path.replace(/\/+$/, '');
  const end = named.lastIndexOf('/');
  if (end === -1) return path.startsWith('/') ? '/' : '.';
  return named.slice(0, end).replace(/\/+$/, '') || '/';
}
