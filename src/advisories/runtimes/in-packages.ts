import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import type { RuntimeName } from '../runtime-name.ts';
import type { GuestRuntime } from '../situation.ts';
import { readInside } from './read-inside.ts';

/** What a distribution's packages are called that hold a runtime. */
const packages: readonly (readonly [RegExp, RuntimeName])[] = [
  [/^nodejs(-current)?$/, 'node'],
  [/^(golang-(\d+\.\d+-)?go|go)$/, 'go'],
  [/^(dotnet-?(runtime|host|sdk)[-\w.]*|dotnet\d+-runtime)$/, 'dotnet'],
  [/^openjdk-?\d+-jre(-headless)?$/, 'openjdk'],
  [/^(libc6|glibc)$/, 'glibc'],
  [/^(gcc|gcc-\d+)$/, 'gcc'],
  [/^systemd$/, 'systemd'],
  [/^(libmimalloc[\d.]*|mimalloc\d*)$/, 'mimalloc'],
];

/** By dpkg's and apk's records: the guest's own word for what is installed. */
export function runtimesInPackages(files: Host['files'], root: string): GuestRuntime[] {
  return [
    ...read(files, root, '/var/lib/dpkg/status', dpkgStanza),
    ...read(files, root, '/lib/apk/db/installed', apkStanza),
  ];
}

interface Installed {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

function read(
  files: Host['files'],
  root: string,
  path: string,
  parse: (stanza: string) => Installed | undefined,
): GuestRuntime[] {
  const content = readInside(files, root, path);
  if (content === undefined) return [];
  return decodeUtf8(content)
    .split('\n\n')
    .flatMap((stanza) => {
      const { name = '', version } = parse(stanza) ?? {};
      const runtime = packages.find(([pattern]) => pattern.test(name))?.[1];
      return runtime === undefined ? [] : [{ name: runtime, version: upstream(version), path }];
    });
}

function dpkgStanza(stanza: string): Installed | undefined {
  if (!/^Status: \S+ \S+ installed$/m.test(stanza)) return undefined;
  return {
    name: /^Package: (\S+)$/m.exec(stanza)?.[1],
    version: /^Version: (\S+)$/m.exec(stanza)?.[1],
  };
}

function apkStanza(stanza: string): Installed {
  return { name: /^P:(\S+)$/m.exec(stanza)?.[1], version: /^V:(\S+)$/m.exec(stanza)?.[1] };
}

/** `2:1.19~1` is 1.19, `20.19.2+dfsg-1` is 20.19.2. */
function upstream(version: string | undefined): string | undefined {
  return version === undefined ? undefined : /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version)?.[1];
}
