/** Says what a function of a template does not take; where it stands is added by who calls it. */
export class ArgumentError extends Error {}
