import fc from 'fast-check';

/** What a config.json says, as far as a stand-in looks at it. */
export interface Configuration {
  readonly mounts: readonly {
    readonly destination?: string;
    readonly type?: string;
    readonly options?: readonly string[];
  }[];
  readonly process?: { readonly env: readonly string[] };
  readonly [name: string]: unknown;
}

const destinations = [
  '/dev',
  '/dev/',
  '//dev/.',
  'dev',
  '/dev/pts',
  '/proc',
  '/',
  '/devices',
  '/dev/.anyarch2',
  '/a\u00e9"\\',
];
const trees = ['/dev/.anyarch', '/dev//.anyarch/', '/dev/.anyarch/deep'];

const mount = fc.record(
  {
    destination: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...destinations) },
      { weight: 1, arbitrary: fc.constantFrom(...trees) },
      { weight: 2, arbitrary: fc.string({ unit: 'grapheme' }).filter((text) => !/\.\.|\0/.test(text)) },
    ),
    type: fc.constantFrom('tmpfs', 'tmpfs', 'tmpfs', 'bind', 'proc'),
    source: fc.string(),
    options: fc.array(fc.constantFrom('nosuid', 'mode=755', 'ro', 'rbind', 'bind'), { maxLength: 2 }),
  },
  { requiredKeys: ['destination', 'type'] },
);

export const configurations: fc.Arbitrary<Configuration> = fc
  .tuple(
    fc.array(mount, { maxLength: 6 }),
    fc.array(fc.constantFrom('PATH=/bin', 'ANYARCH_ACCELERATE=1', 'A="\\', 'ANYARCH_ACCELERATE=0'), {
      maxLength: 3,
    }),
    fc.dictionary(fc.string({ unit: 'grapheme' }).filter(isNoName), fc.jsonValue({ maxDepth: 3 }), {
      maxKeys: 4,
    }),
    fc.boolean(),
  )
  .map(([mounts, env, others, isFirst]) => {
    const known = { mounts, process: { args: ['true'], env }, linux: { namespaces: [{ type: 'mount' }] } };
    return isFirst ? { ...known, ...others } : { ...others, ...known };
  });

/** Go's decoder would take some for what a stand-in looks at. */
function isNoName(name: string): boolean {
  return /^[\x20-\x7e]*$/.test(name) && !['mounts', 'process', 'linux'].includes(name.toLowerCase());
}

/** Where the mount has to be put: behind that index of `mounts`; undefined where nothing may change. */
export function expectedPlace({ mounts, process }: Configuration): number | undefined {
  if (process?.env.includes('ANYARCH_ACCELERATE=0') === true) return undefined;
  const paths = mounts.map(({ destination = '/' }) => normal(destination));
  if (paths.some((path) => `${path}/`.startsWith('/dev/.anyarch/'))) return undefined;
  const index = paths.lastIndexOf('/dev');
  const devices = mounts[index];
  const isMemory = devices?.type === 'tmpfs' && devices.options?.some((one) => /^r?bind$/.test(one)) !== true;
  return isMemory ? index : undefined;
}

function normal(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((part) => `/${part}`)
    .join('');
}

/** JSON with spaces and escapes where they may be. @param choose a number from 0 to 1 */
export function oddJson(value: unknown, choose: () => number): string {
  const space = (): string => (choose() < 0.2 ? [' ', '\n', '\t', '\r\n'][Math.floor(choose() * 4)]! : '');
  const text = (one: string): string =>
    [
      ...JSON.stringify(one)
        .slice(1, -1)
        .matchAll(/\\u....|\\.|[^]/gu),
    ]
      .map(([part]) => (part.length === 1 && choose() < 0.1 ? escaped(part) : part))
      .join('');
  const write = (one: unknown): string => {
    if (typeof one === 'string') return `"${text(one)}"`;
    if (Array.isArray(one))
      return `[${one.map((each) => `${space()}${write(each)}${space()}`).join(',')}${space()}]`;
    if (typeof one !== 'object' || one === null) return JSON.stringify(one);
    const members = Object.entries(one).map(
      ([name, each]) => `${space()}"${text(name)}"${space()}:${space()}${write(each)}${space()}`,
    );
    return `{${members.join(',')}${space()}}`;
  };
  return `${space()}${write(value)}${space()}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
