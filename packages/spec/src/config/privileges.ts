/**
 * The five capability sets of a process, as names like `CAP_CHOWN`.
 *
 * A name that this kernel does not know is to be warned of and left out, not refused.
 *
 * @see capabilities(7)
 */
export interface Capabilities {
  readonly bounding?: readonly string[];
  readonly effective?: readonly string[];
  readonly permitted?: readonly string[];
  readonly inheritable?: readonly string[];
  readonly ambient?: readonly string[];
}
