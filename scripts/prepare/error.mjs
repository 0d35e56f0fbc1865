/** The clone cannot be made ready; `output` is what the failed command said. */
export class NotPreparedError extends Error {
  output;

  constructor(message, output = '') {
    super(message);
    this.output = output;
  }
}
