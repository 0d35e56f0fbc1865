const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/**
 * Bytes as Docker prints them, in powers of 1000: `117MB`, `1.24GB`.
 *
 * @param digits that count: 3 in lists of images, 4 elsewhere
 * @see https://pkg.go.dev/github.com/docker/go-units, HumanSizeWithPrecision
 */
export function humanSize(bytes: number, digits = 4): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  // As %g: without zeros at the end, and with an exponent where the digits do not reach.
  const [mantissa = '', exponent] = size.toPrecision(digits).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  const power = exponent === undefined ? '' : `e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`;
  return `${short}${power}${units[unit]}`;
}
