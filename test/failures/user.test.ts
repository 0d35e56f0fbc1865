import {expect, test} from 'vitest';
import {describeRoot, people} from '../e2e/harness/people.ts';
import {checkFailures, knownFrom} from './reported.ts';

describeRoot('failures of a run by a plain user', () => {
  const [ranged, single] = people.filter(({ids}) => ids !== 'shifted');

  test.skipIf(!ranged?.exists)(
    'each operation that fails with subordinate ids is told with its errno, and nothing is left',
    async () => {
      expect.assert(ranged);
      await checkFailures(ranged, ['/bin/true']);
    },
  );

  test.skipIf(!single?.exists)('so are those that a single id takes in their place', async () => {
    expect.assert(ranged && single);
    await checkFailures(single, ['/bin/true'], await knownFrom(ranged, ['/bin/true']));
  });
});
