import type {ProgressListener, StoredImage} from '@minicontainer/image';
import type {RegistryOptions} from '@minicontainer/image/registry';
import type {Omissions} from '@minicontainer/rootfs';
import type {LayerIds} from '../image/ids-key.ts';

export interface PullOptions {
  /** As `--platform` has it; this machine's unless said. */
  readonly platform?: string | undefined;
  /** How the registry is reached. */
  readonly registry?: Omit<RegistryOptions, 'signal'> | undefined;
  /** In whose ids it is unpacked; the caller's own unless said. */
  readonly ids?: LayerIds | undefined;
  readonly progress?: ProgressListener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PulledImage {
  readonly image: StoredImage;
  /** The name stood for something else before, or for nothing. */
  readonly isNew: boolean;
  readonly omissions: Omissions;
}
