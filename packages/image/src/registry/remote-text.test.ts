import {expect, it} from 'vitest';
import {remoteText} from './remote-text.ts';

it('leaves plain sentences alone', () => {
  expect(remoteText('requested access to the resource is denied')).toBe(
    'requested access to the resource is denied',
  );
});

it('makes one line of several', () => {
  expect(remoteText('  no\r\n  such\tthing \n')).toBe('no such thing');
});

it('shows escapes and invisible characters instead of printing them', () => {
  expect(remoteText('\u001b[2Jx\u202ey\u0000\u009b')).toBe('\\u{1b}[2Jx\\u{202e}y\\u{0}\\u{9b}');
});

it('cuts what is long', () => {
  expect(remoteText('a'.repeat(1000))).toBe(`${'a'.repeat(300)}…`);
});

it('is well-formed though it cuts inside of a character', () => {
  expect(remoteText(`${'a'.repeat(299)}😀b`)).not.toMatch(/\p{Cs}/u);
});
