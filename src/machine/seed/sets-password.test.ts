import { expect, it } from 'vitest';
import { readCloudConfig } from './read-cloud-config.ts';
import { setsPassword } from './sets-password.ts';

const has = (text: string): boolean =>
  setsPassword(readCloudConfig(Buffer.from(`#cloud-config\n${text}\n`), 'a test'), 'me');

it.each([
  'users: [{name: me, plain_text_passwd: x, lock_passwd: false}]',
  'users: [default, {name: me, hashed_passwd: $6$x, lock_passwd: off}]',
  'chpasswd: {expire: false, users: [{name: me, password: x, type: text}]}',
  'chpasswd: {list: "you:x\\nme:y"}',
  'chpasswd: {list: ["me:y"]}',
  'password: x\nusers: [default]',
])('sees a password in %j', (text) => {
  expect(has(text)).toBe(true);
});

it.each([
  'packages: [jq]',
  'users: [{name: me, plain_text_passwd: x}]',
  'users: [{name: me, lock_passwd: false}]',
  'users: [{name: you, plain_text_passwd: x, lock_passwd: false}]',
  'chpasswd: {expire: false, users: [{name: you, password: x}]}',
  'chpasswd: {list: "meme:y"}',
  'chpasswd: {expire: false}',
  'password: x',
])('sees none in %j', (text) => {
  expect(has(text)).toBe(false);
});
