import type {Verb} from '../verb.ts';

type Description = Pick<Verb, 'synopsis' | 'about' | 'flags' | 'details'>;

/** The verbs that the native program performs, without Node. */
export const nativeVerbs: Readonly<Record<string, Description>> = {
  delete: {
    synopsis: 'delete [FLAGS] ID',
    about: 'Remove a container that has ended, and all that was made for it',
    flags: {
      force: {type: 'boolean', short: 'f', about: 'End it first; it is no error if there is none'},
    },
  },
  kill: {
    synopsis: 'kill [FLAGS] ID [SIGNAL]',
    about: 'Send a signal to the first process of a container: TERM, unless said',
    details: 'SIGNAL is a name, with SIG or without, or a number.',
    flags: {all: {type: 'boolean', short: 'a', about: 'To every process of the container'}},
  },
  start: {
    synopsis: 'start ID',
    about: 'Run the command of a container that was created',
    flags: {},
  },
  state: {
    synopsis: 'state ID',
    about: 'Print the state of a container, as the runtime spec has it',
    flags: {},
  },
};
