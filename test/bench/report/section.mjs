/**
 * A table of one question, with what was to hold.
 * @typedef {object} Section
 * @property {string} title
 * @property {readonly string[]} columns
 * @property {readonly (readonly string[])[]} rows
 * @property {readonly Verdict[]} verdicts
 * @property {unknown} samples for the JSON file only
 */

/**
 * @typedef {object} Verdict
 * @property {string} label
 * @property {string} [target] none where the figure only informs
 * @property {string} measured
 * @property {'pass' | 'FAIL' | 'not measured' | ''} status
 * @property {boolean} [ours] not measured for want of our own program, which is a failure
 */

/**
 * Compares a figure with the most that it may be.
 *
 * @param {number} value
 * @param {number | undefined} atMost
 * @returns {Verdict['status']}
 */
export function judge(value, atMost) {
  if (atMost === undefined) return '';
  return value <= atMost ? 'pass' : 'FAIL';
}

/**
 * @param {Section} section
 * @returns {boolean} whether something that was to hold did not, or could not be shown by us
 */
export function hasFailed({verdicts}) {
  return verdicts.some(
    ({status, ours}) => status === 'FAIL' || (status === 'not measured' && ours === true),
  );
}
