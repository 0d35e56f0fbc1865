import {MinicontainerError} from '@minicontainer/errors';
import type {RepositoryHost} from './host.ts';
import {TransientFailure} from './transient-failure.ts';

/** The mirrors of one pull that could not give something: each is told of once. */
export class PassedOver {
  readonly #told = new Set<RepositoryHost>();
  readonly #aside = new Set<RepositoryHost>();

  /** Notes why, and asks a mirror that is broken, or not to be trusted, for nothing more. */
  add(mirror: RepositoryHost, reason: unknown): void {
    const {endpoint, session} = mirror;
    if (!isPlainAnswer(reason)) this.#aside.add(mirror);
    if (this.#told.has(mirror)) return;
    this.#told.add(mirror);
    const message = reason instanceof Error ? reason.message : String(reason);
    session.note(`the mirror ${endpoint.registry} is passed over: ${message}`);
  }

  /** Whether it is asked no more. */
  has(mirror: RepositoryHost): boolean {
    return this.#aside.has(mirror);
  }
}

/** That it has not this one thing, or gives it not to us: it may have others. */
function isPlainAnswer(reason: unknown): boolean {
  if (reason instanceof TransientFailure || !(reason instanceof MinicontainerError)) return false;
  return reason.code === 'EREGISTRY' || reason.code === 'EAUTH';
}
