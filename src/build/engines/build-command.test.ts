import { describe, expect, it, test } from 'vitest';
import { parsePlatform } from '../../core/platform.ts';
import { AnyarchError } from '../../core/error.ts';
import { emptyRequest } from '../testing/request.ts';
import { buildCommand, requireKnownOptions } from './build-command.ts';
import { buildEngineNames } from './engine.ts';

const one = {
  platform: parsePlatform('arm/v7'),
  idFile: '/ids/0.id',
  names: [],
  volume: '/state/tool-tree:/dev/.anyarch:ro,nosuid,nodev',
};

describe('the command of a build', () => {
  it('is what each engine calls it, and only podman and buildah take the volume', () => {
    const commands = buildEngineNames.map((name) => buildCommand({ name }, emptyRequest, one).join(' '));
    expect(commands).toMatchInlineSnapshot(`
      [
        "docker buildx build --load --platform linux/arm/v7 --iidfile /ids/0.id --file /context/Dockerfile /context",
        "podman build --platform linux/arm/v7 --iidfile /ids/0.id --file /context/Dockerfile --volume /state/tool-tree:/dev/.anyarch:ro,nosuid,nodev /context",
        "buildah build --platform linux/arm/v7 --iidfile /ids/0.id --file /context/Dockerfile --volume /state/tool-tree:/dev/.anyarch:ro,nosuid,nodev /context",
        "docker build --platform linux/arm/v7 --iidfile /ids/0.id --file /context/Dockerfile /context",
      ]
    `);
  });

  it('has every option in a word of its own, the own ones last, before the context', () => {
    const request = {
      ...emptyRequest,
      buildArgs: ['A=1 2', '--pull'],
      target: 'last',
      secrets: ['id=a,src=b'],
      labels: ['l=1'],
      annotations: ['n=1'],
      noCache: true,
      pull: true,
      cacheFrom: ['c'],
      cacheTo: ['d'],
      progress: 'plain',
      ownOptions: ['--squash'],
    };
    expect(
      buildCommand({ name: 'podman' }, request, { ...one, names: ['app:1'], volume: undefined }),
    ).toEqual(
      [
        ['podman', 'build', '--platform', 'linux/arm/v7', '--iidfile', '/ids/0.id', '--tag', 'app:1'],
        [
          '--file',
          '/context/Dockerfile',
          '--build-arg',
          'A=1 2',
          '--build-arg',
          '--pull',
          '--target',
          'last',
        ],
        ['--secret', 'id=a,src=b', '--label', 'l=1', '--annotation', 'n=1', '--no-cache', '--pull=always'],
        ['--cache-from', 'c', '--cache-to', 'd', '--squash', '/context'],
      ].flat(),
    );
    const buildx = buildCommand({ name: 'docker-buildx' }, request, one);
    expect(buildx).toContain('--pull');
    expect(buildx.join(' ')).toContain('--progress plain');
    expect(buildCommand({ name: 'buildah' }, { ...request, progress: 'quiet' }, one)).toContain('--quiet');
  });

  test('what docker alone does not have is refused', () => {
    const annotated = { ...emptyRequest, annotations: ['a=1'] };
    expect(() => {
      requireKnownOptions({ name: 'docker' }, annotated);
    }).toThrow(AnyarchError);
    for (const name of buildEngineNames.filter((one) => one !== 'docker'))
      expect(() => {
        requireKnownOptions({ name }, annotated);
      }).not.toThrow();
  });
});
