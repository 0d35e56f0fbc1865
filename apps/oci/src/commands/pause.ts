import {pauseContainer, readContainer, resumeContainer} from '@minicontainer/engine/runtime';
import {onlyWord} from '../command-line.ts';
import type {Verb} from '../verb.ts';

export const pause: Verb = {
  synopsis: 'pause ID',
  about: 'Stop every process of a container where it stands',
  flags: {},
  async run({words}, {root}) {
    await pauseContainer(readContainer(root, onlyWord('pause', words)));
    return 0;
  },
};

export const resume: Verb = {
  synopsis: 'resume ID',
  about: 'Let the processes of a paused container go on',
  flags: {},
  run({words}, {root}) {
    resumeContainer(readContainer(root, onlyWord('resume', words)));
    return 0;
  },
};
