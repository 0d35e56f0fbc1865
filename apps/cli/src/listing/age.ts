/**
 * A span of time as Docker prints it: `About an hour`, `3 weeks`.
 *
 * @see https://pkg.go.dev/github.com/docker/go-units, HumanDuration
 */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.trunc(ms / 60_000);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.trunc(ms / 3_600_000 + 0.5);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(ms / 3_600_000 / 24 / 365)} years`;
}

/** Who says that an image is of the last century says that nobody knows: Docker has N/A for it too. */
const firstCredible = Date.UTC(2000, 0, 1);

/** How long ago something was; N/A for what nobody knows. */
export function ago(time: string | undefined, now: number): string {
  const then = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(then) || then <= firstCredible ? 'N/A' : `${humanDuration(now - then)} ago`;
}

/** As Go's time prints itself: `2025-10-21 00:00:00 +0000 UTC`. */
export function goTime(time: string | undefined): string {
  const then = time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(then)) return 'N/A';
  const [day, rest = ''] = new Date(then).toISOString().split('T');
  return `${day} ${rest.slice(0, 8)} +0000 UTC`;
}
