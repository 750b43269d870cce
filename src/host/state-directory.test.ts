import { describe, expect, it } from 'vitest';
import { stateDirectory } from './state-directory.ts';

describe('stateDirectory', () => {
  const environment = { HOME: '/home/me' };

  it("is the system's for root, and the user's own for others", () => {
    expect(stateDirectory({ uid: 0, environment })).toBe('/var/lib/anyarch');
    expect(stateDirectory({ uid: 1000, environment })).toBe('/home/me/.local/share/anyarch');
  });

  it("is the user's own for root of a namespace without the system's files", () => {
    expect(stateDirectory({ uid: 0, isForeignRoot: true, environment })).toBe(
      '/home/me/.local/share/anyarch',
    );
    const data = { ...environment, XDG_DATA_HOME: '/data' };
    expect(stateDirectory({ uid: 0, isForeignRoot: true, environment: data })).toBe('/data/anyarch');
  });
});
