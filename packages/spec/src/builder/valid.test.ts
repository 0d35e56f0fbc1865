import {MinicontainerError} from '@minicontainer/errors';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {capabilityNames} from '../capabilities/table.ts';
import {validateSpec} from '../schema/index.ts';
import {buildSpec} from './build.ts';

const id = fc.oneof(fc.constantFrom(0, 5, 4294967295), fc.nat({max: 4294967295}));
const text = fc.string({unit: 'binary', maxLength: 12});
const cleanText = text.map((value) => value.replaceAll('\0', ''));
const path = cleanText.map((value) => `/${value}`);
const capabilities = fc.subarray(['ALL', 'all', 'net_raw', ...capabilityNames]);
const mapping = fc.record({
  containerID: id,
  hostID: id,
  size: fc.oneof(fc.constantFrom(1, 65536), id),
});

const limit = fc.oneof(fc.nat(), fc.constantFrom(-1, 2 ** 64));
const rlimit = fc.record({
  type: fc.constantFrom('RLIMIT_CORE' as const, 'RLIMIT_NOFILE' as const),
  soft: limit,
  hard: limit,
});

/** Requests as the type has them; a few are impossible. */
const request = (value: fc.Arbitrary<string>, place: fc.Arbitrary<string>) =>
  fc.record(
    {
      args: fc.array(value, {maxLength: 3}),
      env: fc.dictionary(value, value, {maxKeys: 3}),
      cwd: place,
      user: fc.record(
        {uid: id, gid: id, additionalGids: fc.array(id)},
        {requiredKeys: ['uid', 'gid']},
      ),
      hostname: value,
      terminal: fc.boolean(),
      rootPath: value,
      readOnlyRoot: fc.boolean(),
      mounts: fc.array(
        fc.record(
          {destination: place, type: value, source: value, options: fc.array(value)},
          {requiredKeys: ['destination']},
        ),
        {maxLength: 3},
      ),
      network: fc.oneof(
        fc.constantFrom('none' as const, 'host' as const),
        fc.record({path: place}),
      ),
      pid: fc.constant('host' as const),
      ipc: fc.constantFrom('host' as const, 'none' as const),
      uts: fc.constant('host' as const),
      sysctl: fc.dictionary(value, value, {maxKeys: 2}),
      domainname: value,
      unmask: fc.array(fc.oneof(place, fc.constant('ALL')), {maxLength: 2}),
      procOptions: fc.array(value, {maxLength: 2}),
      userNamespace: fc.option(
        fc.record({
          uidMappings: fc.array(mapping, {maxLength: 2}),
          gidMappings: fc.array(mapping, {maxLength: 2}),
        }),
        {nil: undefined},
      ),
      privileged: fc.boolean(),
      capAdd: capabilities,
      capDrop: capabilities,
      noNewPrivileges: fc.boolean(),
      maskedPaths: fc.array(place, {maxLength: 2}),
      rlimits: fc.array(rlimit, {maxLength: 2}),
      oomScoreAdj: fc.integer({min: -1001, max: 1001}),
      shmSizeBytes: fc.oneof(fc.nat(), fc.constantFrom(1.5, 2 ** 60)),
      cgroupNamespace: fc.constantFrom('private' as const, 'host' as const),
    },
    {requiredKeys: ['args', 'rootPath']},
  );

describe('what buildSpec builds', () => {
  it('is valid, for every request that it does not refuse', () => {
    fc.assert(
      fc.property(request(text, fc.oneof(path, text)), (asked) => {
        try {
          const spec = buildSpec(asked);
          expect(validateSpec(spec)).toBe(spec);
        } catch (error) {
          if (!(error instanceof MinicontainerError)) throw error;
          expect(['EREQUEST', 'EMOUNT', 'ECAPABILITY']).toContain(error.code);
        }
      }),
      {numRuns: 500},
    );
  });

  it('is valid, for requests that it cannot refuse', () => {
    const possible = request(fc.constantFrom('a', 'b c', 'ü'), fc.constant('/here')).map(
      ({mounts = [], uts: _, ...asked}) => ({
        ...asked,
        args: ['sh', ...asked.args],
        mounts: mounts.slice(0, 1),
        capDrop: [],
        rlimits: [{type: 'RLIMIT_CORE' as const, soft: 0, hard: 2 ** 64}],
        oomScoreAdj: -1000,
        shmSizeBytes: 4096,
        userNamespace: undefined,
      }),
    );
    fc.assert(
      fc.property(possible, (asked) => {
        const spec = buildSpec(asked);
        expect(validateSpec(spec)).toBe(spec);
        expect(validateSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
        expect(buildSpec(asked)).toEqual(spec);
      }),
    );
  });
});
