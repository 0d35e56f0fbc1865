import {defaultMaskedPaths, defaultReadonlyPaths, type Spec} from '@minicontainer/spec';

const mostNamed = 6;

/** What of a mount is left open that is hidden or read-only by default, as a reason goes on; else nothing. */
export function describeUnhidden(place: string, spec: Spec): string {
  const {maskedPaths = [], readonlyPaths = []} = spec.linux ?? {};
  const open = [
    ...defaultMaskedPaths.filter((path) => !maskedPaths.includes(path)),
    ...defaultReadonlyPaths.filter((path) => ![...maskedPaths, ...readonlyPaths].includes(path)),
  ].filter((path) => path.startsWith(`${place}/`));
  if (open.length === 0) return '';
  const named = open.length > mostNamed ? `${open.length} paths` : open.join(', ');
  return `; left open, where the default is to hide or to protect: ${named}`;
}
