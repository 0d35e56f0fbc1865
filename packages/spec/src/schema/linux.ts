import Type from 'typebox';
import {device, netDevices} from './devices.ts';
import {idMappings, namespaces, timeOffsets} from './namespaces.ts';
import {intelRdt, memoryPolicy} from './placement.ts';
import {ResourcesSchema} from './resources.ts';
import {SeccompSchema} from './seccomp.ts';
import {absolutePaths, text, textByName, texts} from './text.ts';

export const LinuxSchema = Type.Object({
  namespaces: Type.Optional(namespaces),
  uidMappings: Type.Optional(idMappings),
  gidMappings: Type.Optional(idMappings),
  timeOffsets: Type.Optional(timeOffsets),
  devices: Type.Optional(Type.Array(device)),
  netDevices: Type.Optional(netDevices),
  cgroupsPath: Type.Optional(text),
  resources: Type.Optional(ResourcesSchema),
  intelRdt: Type.Optional(intelRdt),
  memoryPolicy: Type.Optional(memoryPolicy),
  sysctl: Type.Optional(textByName),
  seccomp: Type.Optional(SeccompSchema),
  // The specification has only the first four; moby writes "rslave".
  rootfsPropagation: Type.Optional(
    Type.Enum([
      'private',
      'shared',
      'slave',
      'unbindable',
      'rprivate',
      'rshared',
      'rslave',
      'runbindable',
    ]),
  ),
  maskedPaths: Type.Optional(absolutePaths),
  readonlyPaths: Type.Optional(absolutePaths),
  mountLabel: Type.Optional(text),
  personality: Type.Optional(
    Type.Object({
      domain: Type.Enum(['LINUX', 'LINUX32']),
      flags: Type.Optional(texts),
    }),
  ),
});
