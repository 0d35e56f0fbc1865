import {ask} from './ask.ts';

/** The lists of packages may be missing, or older than what the archive has: then root gets new ones. */
export function withPackageLists<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (process.getuid?.() !== 0 || process.env.MINICONTAINER_NO_SETUP === '1') throw error;
    ask('apt-get', ['update']);
    return use();
  }
}
