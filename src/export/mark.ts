import { createHash } from 'node:crypto';

const start = '# Written by "anyarch export", which replaces it as long as nobody changes it: sha256 ';

/**
 * Puts a comment in front that tells whose the lines are. systemd skips lines that begin with "#" (binfmt.d(5));
 * update-binfmts takes it for a field that it does not know, and passes over it.
 */
export function marked(body: string): string {
  return `${start}${digestOf(body)}\n${body}`;
}

/** Whether `anyarch export` wrote the text and nobody has changed it since. */
export function isMarked(text: string): boolean {
  const end = text.indexOf('\n');
  if (end === -1 || !text.startsWith(start)) return false;
  return text.slice(start.length, end) === digestOf(text.slice(end + 1));
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
