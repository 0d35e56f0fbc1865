import {expect, it} from 'vitest';
import {settingsFrom} from './changes.ts';

it.each<[string[], object]>([
  [['CMD ["sh", "-l"]'], {Cmd: ['sh', '-l']}],
  [['CMD echo $HOME'], {Cmd: ['/bin/sh', '-c', 'echo $HOME']}],
  [['cmd [broken'], {Cmd: ['/bin/sh', '-c', '[broken']}],
  [['ENTRYPOINT ["/init"]'], {Entrypoint: ['/init']}],
  [['ENV A=b', 'ENV C="d e" A=f'], {Env: ['C=d e', 'A=f']}],
  [['ENV A b c'], {Env: ['A=b c']}],
  [[String.raw`ENV A='b "c' D=e\ f G="\"h\""`], {Env: ['A=b "c', 'D=e f', 'G="h"']}],
  [['EXPOSE 80 53/udp'], {ExposedPorts: {'80/tcp': {}, '53/udp': {}}}],
  [['LABEL a=b', 'LABEL c="d e"'], {Labels: {a: 'b', c: 'd e'}}],
  [['ONBUILD RUN make'], {OnBuild: ['RUN make']}],
  [['STOPSIGNAL SIGUSR1'], {StopSignal: 'SIGUSR1'}],
  [['USER 1000:1000'], {User: '1000:1000'}],
  [['VOLUME ["/a b"]', 'VOLUME /c /d'], {Volumes: {'/a b': {}, '/c': {}, '/d': {}}}],
  [['WORKDIR /work dir'], {WorkingDir: '/work dir'}],
])('%s', (lines, settings) => {
  expect(settingsFrom(lines)).toEqual(settings);
});

it.each(['RUN make', 'CMD', '', 'EXPOSE http', 'ENV A', 'LABEL =b'])('refuses %s', (line) => {
  expect(() => settingsFrom([line])).toThrow(expect.objectContaining({code: 'ESPEC'}));
});
