import type {ProgressEvent} from '@minicontainer/engine/images';

/** One layer, or one image, as far as it is told. */
export interface Transfer {
  readonly id: string;
  phase: ProgressEvent['phase'];
  currentBytes: number;
  totalBytes: number;
  /** Bytes a second in this phase, of late; undefined before anything can be said. */
  bytesPerSecond: number | undefined;
}

interface Measured extends Transfer {
  sampledAtMs: number;
  sampledBytes: number;
}

/** A speed is of the last seconds, so that a connection that slows down is seen to. */
const smoothingMs = 3000;
const shortestSampleMs = 200;
const longestSampleMs = 1000;

/** What is under way, in the order in which it was first heard of. */
export class Transfers {
  readonly #byId = new Map<string, Measured>();
  #moved = false;

  /** Whether there is anything to show: not as long as all of it is there already. */
  get moved(): boolean {
    return this.#moved;
  }

  /** @returns those that are in another phase than was told, or are told now */
  update({id, phase, currentBytes, totalBytes}: ProgressEvent, nowMs: number): readonly Transfer[] {
    const known = this.#byId.get(id);
    if (known !== undefined && known.phase === phase) {
      known.currentBytes = currentBytes;
      known.totalBytes = totalBytes;
      const elapsedMs = nowMs - known.sampledAtMs;
      if (elapsedMs >= shortestSampleMs) sample(known, elapsedMs, nowMs);
      return [];
    }
    const begun = {sampledAtMs: nowMs, sampledBytes: currentBytes, bytesPerSecond: undefined};
    const next: Measured = {id, phase, currentBytes, totalBytes, ...begun};
    this.#byId.set(id, next);
    if (this.#moved) return [next];
    this.#moved = phase !== 'exists';
    return this.#moved ? this.all() : [];
  }

  /** Time goes by for those too of which nothing is heard. */
  tick(nowMs: number): void {
    for (const transfer of this.#byId.values()) {
      const elapsedMs = nowMs - transfer.sampledAtMs;
      if (elapsedMs >= longestSampleMs) sample(transfer, elapsedMs, nowMs);
    }
  }

  all(): readonly Transfer[] {
    return [...this.#byId.values()];
  }
}

function sample(transfer: Measured, elapsedMs: number, nowMs: number): void {
  const speed = ((transfer.currentBytes - transfer.sampledBytes) * 1000) / elapsedMs;
  const weight = 1 - Math.exp(-elapsedMs / smoothingMs);
  const before = transfer.bytesPerSecond ?? speed;
  transfer.bytesPerSecond = before + (speed - before) * weight;
  transfer.sampledAtMs = nowMs;
  transfer.sampledBytes = transfer.currentBytes;
}

/** Seconds until a phase has ended, where that can be said. */
export function secondsLeft({
  currentBytes,
  totalBytes,
  bytesPerSecond,
}: Transfer): number | undefined {
  if (totalBytes <= 0 || bytesPerSecond === undefined || bytesPerSecond < 1) return undefined;
  return Math.max(0, (totalBytes - currentBytes) / bytesPerSecond);
}
