/**
 * @typedef {object} Summary
 * @property {number} min
 * @property {number} median
 * @property {number} p25
 * @property {number} p75
 */

/**
 * Quantile with linear interpolation between the two nearest values.
 *
 * @param {readonly number[]} values at least one
 * @param {number} fraction 0 to 1
 * @returns {number}
 */
export function quantile(values, fraction) {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('quantile of nothing');
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * @param {readonly number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * @param {readonly number[]} values at least one
 * @returns {Summary}
 */
export function summarize(values) {
  return {
    min: Math.min(...values),
    median: median(values),
    p25: quantile(values, 0.25),
    p75: quantile(values, 0.75),
  };
}
