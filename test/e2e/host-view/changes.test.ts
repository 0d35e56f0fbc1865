import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeEach, describeRoot} from '../harness/people.ts';
import {run} from '../harness/run.ts';
import {describeTrees} from '../harness/trees.ts';
import {bash, quote} from '../harness/words.ts';

/** Of the host's own; what is in them stays, whatever a container does. */
const hostTrees = ['/etc', '/opt', '/usr/bin', '/usr/local', '/var/lib/dpkg'];

const create = `
for place in /etc /usr /var /opt; do
  echo new > $place/new && cat $place/new && mkdir $place/directory && ln -s x $place/link
done`;

/** Everything that can be done to what is there, each in spite of the one before. */
const destroy = `
cd /; exec 2>/dev/null
for file in /etc/passwd /etc/hostname /usr/bin/env /usr/lib/os-release /var/lib/dpkg/status; do
  echo overwritten > $file
  echo appended >> $file
  chmod 777 $file; chown 1:1 $file; touch -d 2000-01-01 $file
  ln $file $file.hard; mv $file $file.moved; rm -f $file.moved $file
done
mv /etc/apt /etc/moved; mv /usr/local /usr/moved; mv /var/lib/dpkg /var/lib/moved; mv /opt /opt2
chmod -R 777 /etc /opt /usr/local /var/lib
rm -rf /etc/* /opt/* /usr/local/* /usr/bin/[a-m]* /var/lib/*
exit 0`;

describeEach('the host view', (person) => {
  it('lets a container create files beside those of the host', async () => {
    const before = describeTrees(hostTrees);
    const {status, stdout, stderr} = await run(bash(create), {as: person});
    expect({status, stdout, stderr}).toEqual({status: 0, stdout: 'new\n'.repeat(4), stderr: ''});
    expect(describeTrees(hostTrees)).toEqual(before);
  });

  it('keeps the host as it is, whatever a container destroys', async () => {
    const before = describeTrees(hostTrees);
    const {status} = await run(bash(destroy), {as: person});
    expect(status).toBe(0);
    expect(describeTrees(hostTrees)).toEqual(before);
  });

  it('shows every container the host as it is, not what another has made of it', async () => {
    await run(bash('echo first > /etc/first; rm -f /usr/bin/env'), {as: person});
    const {stdout} = await run(bash('ls /etc/first /usr/bin/env 2>&1'), {as: person});
    expect(stdout).toMatch(/cannot access '\/etc\/first'/);
    expect(stdout).toContain('/usr/bin/env\n');
  });

  it('with --read-only forbids writing everywhere', async () => {
    const places = ['', '/etc', '/usr', '/var', '/opt', '/home', '/root', '/tmp'];
    const script = `for place in ${places.map(quote).join(' ')}; do (echo > $place/new) 2>&1; done`;
    const {status, stdout} = await run(['--read-only', ...bash(script)], {as: person});
    expect(status).toBe(1);
    expect(stdout.match(/Read-only file system/g)).toHaveLength(places.length);
    expect(places.filter((place) => existsSync(`${place}/new`))).toEqual([]);
  });
});

describeRoot('the host view of root', () => {
  describe.each([[[]], [['--userns', 'host']], [['--privileged']]])(
    'with %j',
    (flags: string[]) => {
      it.each(['/etc', '/opt', '/usr/local', '/var'])('keeps files below %s', async (place) => {
        const directory = mkdtempSync(join(place, 'minicontainer-e2e-'));
        try {
          chmodSync(directory, 0o755);
          writeFileSync(join(directory, 'file'), 'of the host\n');
          mkdirSync(join(directory, 'lower/deep'), {recursive: true});
          writeFileSync(join(directory, 'lower/deep/file'), 'of the host\n');
          symlinkSync('file', join(directory, 'link'));
          const before = describeTrees([directory]);
          const seen = await run([...flags, '-e', `DIRECTORY=${directory}`, ...bash(treatment)]);
          expect(seen.stdout).toMatch(/^of the host\n/);
          expect(describeTrees([directory])).toEqual(before);
        } finally {
          rmSync(directory, {recursive: true});
        }
      });
    },
  );

  it('is changed as it looks: /usr belongs to the container’s root', async () => {
    const script = `
set -e
echo changed > /usr/bin/env; cat /usr/bin/env
chmod 600 /usr/bin/yes; stat -c %a /usr/bin/yes
mv /usr/bin/yes /usr/bin/no; ls /usr/bin/no
rm -r /usr/share/doc; ls /usr/share/doc 2>&1 || true
mkdir /usr/share/doc; ls -A /usr/share/doc`;
    expect(await run(bash(script))).toEqual({
      status: 0,
      stdout:
        "changed\n600\n/usr/bin/no\nls: cannot access '/usr/share/doc': No such file or directory\n",
      stderr: '',
    });
  });
});

const treatment = `
cd $DIRECTORY; cat file; exec 2>/dev/null
echo x >> file; echo x > link; chmod 700 file lower; chown 7:7 file; mv file moved; mv lower other
rm -rf other lower moved link; setfattr -n user.x -v y .; cd /; rm -rf $DIRECTORY; mkdir $DIRECTORY`;
