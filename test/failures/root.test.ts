import {test} from 'vitest';
import {describeRoot, someone} from '../e2e/harness/people.ts';
import {checkFailures} from './reported.ts';

// Only root can put strace on a run without changing what the run may do.
describeRoot('failures of a run by root', () => {
  test('each operation that fails is told with its errno, and nothing is left', async () => {
    await checkFailures(someone, ['/bin/true']);
  });
});
