import { expect, it } from 'vitest';
import { tools } from '../groups/index.ts';
import { rulesFor } from './rules-for.ts';

it.each(['cc1', 'cc1plus'])(
  'emulates %s where what it writes is in the byte order of its machine',
  (name) => {
    const [tool] = tools.filter((one) => one.name === name);
    expect(tool).toBeDefined();
    const bails = (debian: string) => rulesFor(tool!, debian).bail ?? [];
    expect(bails('s390x')).toEqual(expect.arrayContaining(['-flto', '-ftest-coverage', '-fplugin']));
    expect(bails('arm64')).not.toContain('-flto');
    expect(bails('arm64')).toEqual(tool?.rules?.bail);
    expect(bails('constructor')).toEqual(tool?.rules?.bail);
  },
);
