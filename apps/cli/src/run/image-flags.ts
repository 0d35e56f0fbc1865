import {Option} from '../program/command.ts';
import {LimitFlags} from './limit-flags.ts';

/** The flags of `run` that say which image it is, and how one that is not here is fetched. */
export abstract class ImageFlags extends LimitFlags {
  image = Option.Array('--image', {
    description: 'The root is this `IMAGE`, and all words are the command',
  });
  pull = Option.String('--pull', {
    description: 'Fetch the image by `POLICY`: missing (default), always, newer or never',
  });
  platform = Option.String('--platform', {
    description: 'Take the image for `OS/ARCH[/VARIANT]`; this machine’s unless said',
  });
  quiet = Option.Boolean('-q,--quiet', {description: 'Say nothing while an image is fetched'});
  authfile = Option.String('--authfile', {
    description: 'Log in to its registry as this `FILE` says; REGISTRY_AUTH_FILE unless given',
  });
  creds = Option.String('--creds', {
    description: 'Log in to its registry as `USER:PASSWORD`',
  });
  certDir = Option.String('--cert-dir', {
    description: 'Trust the certificates in `DIR` with its registry: *.crt, *.cert with *.key',
  });
  tlsVerify = Option.Boolean('--tls-verify', {
    description: 'Ask its registry for https and a right certificate; =false also allows http',
  });
}

/** What `ImageFlags` become; undefined is not given. */
export interface ImageFlagValues {
  readonly image: readonly string[] | undefined;
  readonly pull: string | undefined;
  readonly platform: string | undefined;
  readonly quiet: boolean | undefined;
  readonly authfile: string | undefined;
  readonly creds: string | undefined;
  readonly certDir: string | undefined;
  readonly tlsVerify: boolean | undefined;
}
