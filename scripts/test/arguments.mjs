/** `--suite PREFIX`, `--long`; all else goes to vitest as it is. */
export function parseArguments(words) {
  const options = {suite: '', long: false, rest: []};
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === '--suite') options.suite = words[++index] ?? '';
    else if (word.startsWith('--suite=')) options.suite = word.slice('--suite='.length);
    else if (word === '--long') options.long = true;
    else options.rest.push(word);
  }
  return options;
}
