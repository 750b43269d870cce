import { describe, expect, it } from 'vitest';
import { chooseIdentity } from './identity.ts';

const me = { uid: 1000, gid: 1001 };
const web = { uid: 33, gid: 34, groups: [4] };
const one = { kind: 'self', ...me } as const;
const many = { kind: 'parent' } as const;

describe('chooseIdentity', () => {
  it('leaves the guest root of its namespace when nothing is asked for', () => {
    expect(chooseIdentity(me, many, {})).toBeUndefined();
  });

  it("maps the user's own ids back", () => {
    expect(chooseIdentity(me, many, { ids: 'keep' })).toEqual({ kind: 'mapped', ...me });
    expect(chooseIdentity({ uid: 0, gid: 0 }, many, { ids: 'keep' })).toBeUndefined();
  });

  it('switches to another user where there are other ids, and renames the one id where there are none', () => {
    expect(chooseIdentity(me, many, { user: web })).toEqual({ kind: 'switched', ...web });
    expect(chooseIdentity(me, one, { user: web })).toEqual({ kind: 'mapped', uid: 33, gid: 34 });
    expect(chooseIdentity(me, one, { user: { uid: 0, gid: 0, groups: [4] } })).toBeUndefined();
  });

  it('refuses two at once', () => {
    expect(() => chooseIdentity(me, one, { ids: 'keep', user: web })).toThrowWithCode('ANYARCH_USAGE');
  });
});
