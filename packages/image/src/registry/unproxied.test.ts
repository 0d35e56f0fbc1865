import {describe, expect, it} from 'vitest';
import {isUnproxied} from './unproxied.ts';

describe('NO_PROXY', () => {
  it.each([
    ['*', 'https://registry.example'],
    ['a.example,*', 'https://registry.example'],
    ['registry.example', 'https://registry.example'],
    ['REGISTRY.example', 'https://registry.example'],
    ['example', 'https://registry.example'],
    ['.example', 'https://registry.example'],
    ['*.example', 'https://registry.example'],
    ['a , registry.example', 'https://registry.example'],
    ['registry.example:443', 'https://registry.example'],
    ['registry.example:80', 'http://registry.example'],
    ['registry.example:5000', 'https://registry.example:5000'],
    ['10.1.2.3', 'https://10.1.2.3:5000'],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['10.1.2.3/8', 'https://10.200.0.1'],
    ['a.example,172.16.0.0/12', 'http://172.31.255.255:5000'],
    ['0.0.0.0/0', 'http://192.0.2.1'],
    ['2001:db8::/32', 'https://[2001:db8:1::1]:5000'],
    ['2001:db8:0::1', 'https://[2001:db8::1]'],
    ['[2001:db8::1]:5000', 'https://[2001:db8::1]:5000'],
    ['fd00::/8', 'https://[fd12::1]'],
  ])('%s names %s', (noProxy, url) => {
    expect(isUnproxied(new URL(url), noProxy)).toBe(true);
  });

  it.each([
    ['', 'https://registry.example'],
    [',', 'https://registry.example'],
    ['gistry.example', 'https://registry.example'],
    ['other.registry.example', 'https://registry.example'],
    ['.', 'https://registry.example'],
    ['*:5000', 'https://registry.example'],
    ['registry.example:5000', 'https://registry.example'],
    ['registry.example:443', 'https://registry.example:5000'],
    ['10.1.2.3', 'https://10.1.2.30'],
    ['10.0.0.0/8', 'https://11.0.0.1'],
    ['10.0.0.0/8', 'https://10.example'],
    ['10.0.0.0/33', 'https://10.0.0.1'],
    ['10.0.0.0/', 'https://10.0.0.0'],
    ['example/8', 'https://example'],
    ['10.0.0.0/8', 'https://[fd00::1]'],
    ['2001:db8::/32', 'https://[2001:db9::1]'],
    ['[2001:db8::1]:5000', 'https://[2001:db8::1]'],
  ])('%j does not name %s', (noProxy, url) => {
    expect(isUnproxied(new URL(url), noProxy)).toBe(false);
  });
});
