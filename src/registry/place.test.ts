import { describe, expect, it } from 'vitest';
import { mayGoTo } from './place.ts';
import { isLoopback, reachOf } from './reach.ts';

describe('reachOf', () => {
  it.each([
    ['localhost', 'machine'],
    ['LOCALHOST.', 'machine'],
    ['registry.localhost', 'machine'],
    ['localhost.localdomain', 'machine'],
    ['ip6-localhost', 'machine'],
    ['127.1.2.3', 'machine'],
    ['127.1', 'machine'],
    ['0x7f000001', 'machine'],
    ['0.0.0.0', 'machine'],
    ['[::1]', 'machine'],
    ['[::]', 'machine'],
    ['[::ffff:127.0.0.1]', 'machine'],
    ['169.254.169.254', 'link'],
    ['[fe80::1]', 'link'],
    ['[::ffff:169.254.169.254]', 'link'],
    ['10.0.0.1', 'network'],
    ['172.16.0.1', 'network'],
    ['192.168.1.1', 'network'],
    ['100.64.0.1', 'network'],
    ['[fd00::1]', 'network'],
    ['registry', 'network'],
    ['metadata.google.internal', 'network'],
    ['nas.local', 'network'],
    ['127.evil.example', 'everywhere'],
    ['10.example.com', 'everywhere'],
    ['localhost.example', 'everywhere'],
    ['172.32.0.1', 'everywhere'],
    ['100.128.0.1', 'everywhere'],
    ['8.8.8.8', 'everywhere'],
    ['[2001:db8::1]', 'everywhere'],
    ['registry-1.docker.io', 'everywhere'],
  ])('%s: %s', (name, expected) => {
    expect(reachOf(name)).toBe(expected);
    expect(isLoopback(name)).toBe(expected === 'machine');
  });
});

describe('mayGoTo', () => {
  it.each([
    ['https://registry.example', 'https://storage.example/x', true],
    ['https://registry.example', 'http://storage.example/x', false],
    ['https://registry.example', 'http://registry.example/x', false],
    ['https://registry.example', 'http://127.0.0.1:2375/x', false],
    ['https://registry.example', 'https://127.0.0.1/x', false],
    ['https://registry.example', 'https://localhost/x', false],
    ['https://registry.example', 'https://169.254.169.254/x', false],
    ['https://registry.example', 'https://10.0.0.1/x', false],
    ['https://registry.example', 'https://intra/x', false],
    ['https://registry.example', 'ftp://storage.example/x', false],
    ['https://10.0.0.1:5000', 'https://10.0.0.2/x', true],
    ['https://10.0.0.1:5000', 'https://10.0.0.1:5001/x', true],
    ['https://10.0.0.1:5000', 'https://localhost/x', false],
    ['https://registry.corp.internal', 'https://tokens.corp.internal/x', true],
    ['http://localhost:5000', 'http://127.0.0.1:5001/x', true],
    ['http://localhost:5000', 'http://storage.example/x', false],
    ['http://localhost:5000', 'https://10.0.0.1/x', true],
    ['https://REGISTRY.example:443', 'https://registry.example/x', true],
  ])('%s sends us to %s: %s', (origin, to, expected) => {
    expect(mayGoTo(new URL(to), { origin, insecure: false })).toBe(expected);
  });

  it.each([
    ['http://storage.example/x', true],
    ['http://10.0.0.1/x', true],
    ['http://127.0.0.1/x', false],
    ['https://127.0.0.1/x', false],
    ['http://169.254.169.254/x', false],
  ])('an insecure registry elsewhere to %s: %s', (to, expected) => {
    expect(mayGoTo(new URL(to), { origin: 'http://registry.example', insecure: true })).toBe(expected);
  });
});
