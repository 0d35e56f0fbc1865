import {describe, expect, it} from 'vitest';
import {renderFindings, runsContainers} from './doctor.ts';

const findings = [
  {group: 'ids', name: 'user namespaces', ok: true, found: 'allowed', fix: 'never shown'},
  {group: 'ids', name: 'newuidmap', ok: 'warn', found: 'not installed', fix: 'apt install uidmap'},
  {group: 'files', name: 'overlayfs', ok: false, found: 'no'},
] as const;

describe('the table of doctor', () => {
  it('has a line each by subject, and below what to do where something is to be done', () => {
    expect(renderFindings(findings)).toBe(
      [
        'ids',
        'ok       user namespaces  allowed',
        'warn     newuidmap        not installed',
        '',
        'files',
        'MISSING  overlayfs        no',
        '',
        'what to do',
        'newuidmap:',
        '  apt install uidmap',
        '',
      ].join('\n'),
    );
  });

  it('ends with the table where nothing is to be done', () => {
    expect(renderFindings(findings.slice(0, 1))).toBe('ids\nok  user namespaces  allowed\n');
  });
});

describe('whether containers run', () => {
  const container = {group: 'all', name: 'a container', found: ''};

  it('is said by the container alone', () => {
    expect(runsContainers([...findings, {...container, ok: true}])).toBe(true);
    expect(runsContainers([...findings.slice(0, 1), {...container, ok: false}])).toBe(false);
    expect(runsContainers([])).toBe(false);
  });
});
