import {ours as program, verbs, verbsOf} from '../../arena/peers/oci-verbs.mjs';
import {holdContest} from '../contest.mjs';

const ours = verbsOf('minicontainer-oci', program, true);
const crun = verbsOf('crun', 'crun');
const runc = verbsOf('runc', 'runc');

const peers = verbs.flatMap((verb) => [ours[verb], crun[verb], runc[verb]]);

/** What engines wait for besides a container's making, verb by verb.
 * @type {import('./case.mjs').Case} */
export const ociVerbs = {
  name: 'oci-verbs',
  peers,
  run: async (arena) => [
    await holdContest(arena, {
      title: 'the verbs of an OCI runtime, in the order of a container’s life',
      peers,
      sequence: true,
      command: ['/bin/sleep', '1000'],
      figures: verbs.map((verb) => ({
        label: `${ours[verb].name} / ${crun[verb].name}`,
        of: [ours[verb], crun[verb]],
        compute: (own = NaN, theirs = NaN) => own / theirs,
        // Making one is Node's, and has a measure of its own.
        ...(verb !== 'create' && {atMost: 1}),
      })),
    }),
  ],
};
