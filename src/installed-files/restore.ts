import type { Files } from '../host/files.ts';

/** What brings back, once it is called, what is at a path now: a file with its mode, a link, or nothing. */
export function restorer(files: Files, path: string): () => void {
  const status = files.linkStatus(path);
  if (status?.kind === 'link') {
    const target = files.readLink(path);
    return () => {
      files.writeLink(path, target);
    };
  }
  const content = status?.kind === 'file' ? files.read(path) : undefined;
  return () => {
    if (content === undefined) files.remove(path);
    else files.writeAtomic(path, content, status?.mode);
  };
}
