import { expect, it } from 'vitest';
import { fstabScript, tellGuest } from './tell-guest.ts';

const mounts = [
  { source: '/data', target: '/src/sub', isReadOnly: false },
  { source: '/home', target: '/src', isReadOnly: true, number: 4 },
];

async function told(
  user: string,
  answer: Partial<Awaited<ReturnType<Parameters<typeof tellGuest>[0]>>> = {},
) {
  let asked: readonly string[] = [];
  const said = await tellGuest(
    (words) => {
      asked = words;
      return Promise.resolve({ exitCode: 0, stderr: '', timedOut: false, ...answer });
    },
    user,
    mounts,
  );
  return { asked, said };
}

it('tells the guest as root, in the order in which directories can be mounted', async () => {
  const script = fstabScript(mounts);
  expect((await told('root')).asked).toEqual(['sh', '-c', script]);
  expect((await told('debian')).asked).toEqual(['sudo', '-n', 'sh', '-c', script]);
  expect(script).toContain('anyarch4 /src virtiofs ro,nofail 0 0\nanyarch0 /src/sub virtiofs rw,nofail 0 0');
});

it('says nothing when it is done', async () => {
  expect((await told('debian')).said).toBeUndefined();
});

it.each([
  [{ exitCode: 1, stderr: 'mount: /src: no\n' }, 'mount: /src: no;'],
  [{ exitCode: undefined, timedOut: true }, 'did not answer in time;'],
  [{ exitCode: 2 }, 'no reason given;'],
])('says what could not be done: %j', async (answer, reason) => {
  expect((await told('debian', answer)).said).toContain(reason);
});
