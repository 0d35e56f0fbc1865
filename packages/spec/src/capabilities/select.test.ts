import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, it} from 'vitest';
import {selectCapabilities} from './select.ts';
import {capabilityNames, defaultCapabilities} from './table.ts';

const base = ['CAP_CHOWN', 'CAP_KILL'] as const;

describe('selectCapabilities', () => {
  it.each([
    [[], [], ['CAP_CHOWN', 'CAP_KILL']],
    [['NET_ADMIN'], [], ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_ADMIN']],
    [['cap_net_admin', 'Net_Admin'], [], ['CAP_CHOWN', 'CAP_KILL', 'CAP_NET_ADMIN']],
    [[], ['kill', 'BPF'], ['CAP_CHOWN']],
    [[], ['all'], []],
    [['NET_RAW'], ['ALL'], ['CAP_NET_RAW']],
    [['NET_RAW'], ['ALL', 'KILL'], ['CAP_NET_RAW']],
    [['ALL'], [], capabilityNames],
    [['ALL', 'BPF'], ['KILL'], capabilityNames.filter((name) => name !== 'CAP_KILL')],
  ])('adding %j and dropping %j leaves %j', (add, drop, left) => {
    expect(selectCapabilities(base, add, drop)).toEqual(left);
  });

  it('has the default set in the order of bits', () => {
    expect(selectCapabilities(defaultCapabilities)).toEqual(defaultCapabilities);
  });

  it.each([
    ['NETADMIN', 'there is no capability "NETADMIN"', 'did you mean NET_ADMIN?'],
    ['cap_sysadmin', 'there is no capability "cap_sysadmin"', 'did you mean SYS_ADMIN?'],
    ['', 'there is no capability ""', 'capabilities(7) lists them'],
    ['CAP_ALL', 'there is no capability "CAP_ALL"', undefined],
    ['constructor', 'there is no capability "constructor"', 'capabilities(7) lists them'],
    ['\u001b[31m', 'there is no capability "\\u001b[31m"', 'capabilities(7) lists them'],
  ])('refuses %j', (name, message, hint) => {
    expect(refusal([name], [])).toMatchObject({code: 'ECAPABILITY', message});
    if (hint) expect(refusal([], [name]).hint).toBe(hint);
  });

  it('shortens a long name', () => {
    expect(refusal(['X'.repeat(1_000_000)], []).message.length).toBeLessThan(120);
  });

  it('refuses to add and drop the same one', () => {
    expect(refusal(['net_raw'], ['CAP_NET_RAW'])).toMatchObject({
      code: 'ECAPABILITY',
      message: 'CAP_NET_RAW is both added and dropped',
      hint: 'leave out one of --cap-add NET_RAW and --cap-drop NET_RAW',
    });
    expect(refusal(['ALL'], ['all']).message).toBe('ALL is both added and dropped');
  });
});

function refusal(add: string[], drop: string[]): MinicontainerError {
  try {
    selectCapabilities(base, add, drop);
  } catch (error) {
    if (error instanceof MinicontainerError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
