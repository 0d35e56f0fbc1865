import {makeArtifacts} from './artifacts.ts';

// For who has no compiler of types at hand: prints where the artifacts are, as JSON.

const [sources = ''] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await makeArtifacts(sources))}\n`);
