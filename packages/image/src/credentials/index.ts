export type {WhereOptions} from './auth-files.ts';
export {normalizeKey} from './auth-keys.ts';
export {type CredentialSource, type Credentials, parseCredentials} from './credentials.ts';
export {credentialSource, type FindOptions, findCredentials} from './find.ts';
export {forgetCredentials, keepCredentials, knownKeys} from './keep.ts';
