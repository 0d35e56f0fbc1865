import {describe, expect, it} from 'vitest';
import {renderChecks} from './doctor.ts';

describe('the table of doctor', () => {
  it('has a line each, and below what to do where something is to be done', () => {
    expect(
      renderChecks([
        {name: 'user namespaces', ok: true, found: 'allowed', fix: 'never shown'},
        {name: 'newuidmap', ok: 'warn', found: 'not installed', fix: 'apt install uidmap'},
        {name: 'overlayfs', ok: false, found: 'no'},
      ]),
    ).toBe(
      [
        'ok       user namespaces  allowed',
        'warn     newuidmap        not installed',
        'MISSING  overlayfs        no',
        '',
        'newuidmap:',
        '  apt install uidmap',
        '',
      ].join('\n'),
    );
  });
});
