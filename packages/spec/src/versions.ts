/** Of the OCI runtime spec: the oldest and newest that are known, and the one that is written. */
export const specVersions = Object.freeze({least: '1.0.0', most: '1.3.0', written: '1.2.0'});
