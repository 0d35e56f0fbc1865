import {describe, it} from 'vitest';
import {useDocker} from '../harness/docker.ts';

const docker = useDocker();

describe.concurrent('docker run', () => {
  it.for([0, 3, 255])("ends with the command's exit code %i", async (code, {expect}) => {
    expect(await docker().run([], ['sh', '-c', `exit ${code}`])).toMatchObject({status: code});
  });
});
