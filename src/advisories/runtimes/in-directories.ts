import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import type { GuestRuntime } from '../situation.ts';
import { readInside, resolveInside } from './read-inside.ts';

/** What images bring without a package: where the projects' own archives are unpacked. */
export function runtimesInDirectories(files: Host['files'], root: string): GuestRuntime[] {
  return [...node(files, root), ...go(files, root), ...dotnet(files, root), ...java(files, root)];
}

function* node(files: Host['files'], root: string): Generator<GuestRuntime> {
  const path = '/usr/local/bin/node';
  if (resolveInside(files, root, path) === undefined) return;
  const header = textOf(files, root, '/usr/local/include/node/node_version.h');
  const [major, minor, patch] = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(header)?.[1],
  );
  const version = major === undefined ? undefined : `${major}.${minor ?? 0}.${patch ?? 0}`;
  yield { name: 'node', version, path };
}

function* go(files: Host['files'], root: string): Generator<GuestRuntime> {
  const path = '/usr/local/go/VERSION';
  const version = /^go(\S+)/.exec(textOf(files, root, path))?.[1];
  if (version !== undefined) yield { name: 'go', version, path };
}

function* dotnet(files: Host['files'], root: string): Generator<GuestRuntime> {
  for (const home of ['/usr/share/dotnet', '/usr/lib/dotnet', '/usr/lib64/dotnet']) {
    const path = `${home}/shared/Microsoft.NETCore.App`;
    for (const version of namesIn(files, root, path)) yield { name: 'dotnet', version, path };
  }
}

function* java(files: Host['files'], root: string): Generator<GuestRuntime> {
  const homes = [
    '/opt/java/openjdk',
    ...namesIn(files, root, '/usr/lib/jvm').map((name) => `/usr/lib/jvm/${name}`),
  ];
  for (const home of homes) {
    const path = `${home}/release`;
    const text = textOf(files, root, path);
    const version = /^JAVA_VERSION="([^"]+)"/m.exec(text)?.[1];
    const isOpenJ9 = /^JVM_VARIANT="openj9"/im.test(text) || /openj9/i.test(text);
    if (version !== undefined) yield { name: isOpenJ9 ? 'openj9' : 'openjdk', version, path };
  }
}

function textOf(files: Host['files'], root: string, path: string): string {
  const content = readInside(files, root, path);
  return content === undefined ? '' : decodeUtf8(content);
}

function namesIn(files: Host['files'], root: string, path: string): string[] {
  const directory = resolveInside(files, root, path);
  try {
    return directory === undefined ? [] : files.list(directory);
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}
