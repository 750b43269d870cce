import { fact, type Examination } from '../../examination.ts';

/** Where tools and command lines name the platform that was asked for: docker, containerd, containers/image. */
const patterns: readonly RegExp[] = [
  /does not match the specified platform: wanted (linux\/[\w./-]+)/g,
  /no match(?:ing manifest)? for (?:platform (?:in manifest: )?)?(?:[^\n]*?)(linux\/[\w/.-]+)/g,
  /does not match the expected platform \(?(linux\/[\w/.-]+)/g,
  /--platform[= ]"?(linux\/[\w/.-]+)/g,
];

/** `architecture s390x, variant "", OS linux`, with and without quotes. */
const inWords =
  /no image found in (?:manifest list|image index) for architecture "?([\w.-]+)"?, variant "?([\w.-]*)"?, OS "?(\w+)"?/g;

/** Of docker's client and of buildx: what is asked for where no `--platform` is given. */
export const platformVariable = 'DOCKER_DEFAULT_PLATFORM';

/** What that variable says here, `linux/arm64`; undefined for engines that do not heed it. */
export function defaultPlatform(
  { host }: Pick<Examination, 'host'>,
  engine: string | undefined,
): string | undefined {
  const platform = host.system.environment[platformVariable]?.trim();
  return engine !== 'docker' || platform === '' ? undefined : platform;
}

/** Platforms that the message says were asked for, `linux/s390x`. */
export const wantedPlatforms = fact(({ message }): readonly string[] => {
  const text = message?.text ?? '';
  const named = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, one = '']) => one));
  const described = [...text.matchAll(inWords)].map(
    ([, architecture = '', variant = '', os = '']) =>
      `${os}/${architecture}${variant === '' ? '' : `/${variant}`}`,
  );
  return [...new Set([...named, ...described].map((one) => one.replace(/[.,]+$/, '')))];
});

/** Whether the message says that a registry has the image, but not for the platform. */
export function saysNotInIndex(text: string): boolean {
  return /no matching manifest for|no match for platform in manifest|no image found in (manifest list|image index)/.test(
    text,
  );
}
