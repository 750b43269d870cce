/**
 * Watches what podman and buildah print for a base image that is not of the platform asked for. They warn, go on, and
 * say in the result's configuration that it is of that platform: an image with the wrong programs in it.
 */
export function watchBasePlatform(): {
  take(text: string): void;
  /** Of the stage that the image is made from. */
  readonly wrongBase: () => string | undefined;
  /** Of other stages, which may well be meant for this machine. */
  readonly otherBases: () => readonly string[];
} {
  let rest = '';
  let isFinal = true;
  let wrong: string | undefined;
  const others: string[] = [];
  const line = (text: string): void => {
    const stage = /^\[(\d+)\/(\d+)\] STEP /.exec(text);
    if (stage !== null) isFinal = stage[1] === stage[2];
    else if (text.startsWith('STEP ')) isFinal = true;
    if (!/does not match the expected platform|was pulled with platform/.test(text)) return;
    if (isFinal) wrong ??= text.trim();
    else others.push(text.trim());
  };
  return {
    take: (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) line(one);
    },
    wrongBase: () => wrong,
    otherBases: () => others,
  };
}
