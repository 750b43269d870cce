/** A path of the command line, from the directory that it was typed in. */
export function absolutePath(path: string, directory: string): string {
  return path.startsWith('/') ? path : `${directory === '/' ? '' : directory}/${path}`;
}
