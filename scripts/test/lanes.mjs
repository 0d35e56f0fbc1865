// Suites run in two lanes, in each one after the other; who reads sees one suite at a time.

/**
 * Runs those suites that are `beside` in a second lane, and those of them that have not begun when the first
 * lane has ended in that one, too. What the second prints is kept until a suite of the first has ended.
 *
 * @param run    takes a suite and where its text goes; gives its end
 * @param begin  is told of a suite before its text
 * @param end    is told of a suite after its text, with its end; gives whether no other suite is to begin
 * @param write  takes the text
 */
export async function inLanes(suites, {run, begin, end, write}) {
  const first = suites.filter(({beside}) => !beside);
  const second = suites.filter(({beside}) => beside);
  const kept = [];
  let stopped = false;

  const silent = (async () => {
    while (!stopped && second.length > 0) {
      const suite = second.shift();
      const texts = [];
      kept.push({suite, texts, ended: await run(suite, (text) => texts.push(text))});
    }
  })();
  while (!stopped && first.length + second.length > 0) {
    const suite = first.shift() ?? second.shift();
    begin(suite);
    stopped = end(suite, await run(suite, write)) || stopped;
    tellKept();
  }
  await silent;
  tellKept();

  function tellKept() {
    for (const {suite, texts, ended} of kept.splice(0)) {
      begin(suite);
      for (const text of texts) write(text);
      stopped = end(suite, ended) || stopped;
    }
  }
}
