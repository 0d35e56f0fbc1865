export type {BlobDownload} from './blob-download.ts';
export type {UploadOptions} from './blob-upload.ts';
export type {RepositoryName} from './endpoints.ts';
export type {RemoteManifest} from './manifest-download.ts';
export type {PushTarget} from './push-target.ts';
export {openRegistries, type Registries, type RegistryOptions} from './registries.ts';
export type {RemoteRepository} from './repository.ts';
export type {RetryPolicy} from './retry.ts';
