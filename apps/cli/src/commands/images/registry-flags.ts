import {Option, ProgramCommand} from '../../program/command.ts';

/** The flags of the commands that talk to a registry. */
export abstract class RegistryFlags extends ProgramCommand {
  tlsVerify = Option.Boolean('--tls-verify', {
    description: 'Ask for https and a certificate that is right: =false also allows plain http',
  });
  creds = Option.String('--creds', {
    description: 'Log in as `USER:PASSWORD`, instead of what login has kept',
  });
  authfile = Option.String('--authfile', {
    description: 'Take credentials from this `FILE`; REGISTRY_AUTH_FILE unless said',
  });
  certDir = Option.String('--cert-dir', {
    description: 'Trust and show the certificates in `DIR`: *.crt, *.cert with *.key',
  });
}
