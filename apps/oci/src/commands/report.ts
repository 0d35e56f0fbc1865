import {explainFailure} from '@minicontainer/engine/runtime';
import {fail, warn} from '../failure.ts';
import type {Verb} from '../verb.ts';

/** What the native program executes when an operation failed: only the plan knows why that was there. */
export const report: Verb = {
  synopsis: 'report FD INDEX ERRNO [DETAIL]',
  about: 'Say which operation of a plan failed, for the native program alone',
  flags: {},
  endsFlags: true,
  run({words: [fd, index, errno, detail]}) {
    const failure = explainFailure({
      ...{fd: Number(fd), index: Number(index), errno: Number(errno)},
      ...(detail !== undefined && {detail}),
    });
    // It is deleted all the same.
    if (failure.code === 'EPOSTSTOP') {
      warn(failure.message);
      return 0;
    }
    return fail(failure, process.env.MINICONTAINER_OCI_VERB === 'exec' ? 255 : 1);
  },
};
