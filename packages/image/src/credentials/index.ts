export type {CredentialSource, Credentials} from './credentials.ts';
