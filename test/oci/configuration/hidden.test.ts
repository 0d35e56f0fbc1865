import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {Bundle, withLinux, withProcess} from './bundle.ts';

describeRoot('a masked path', () => {
  test('is empty and cannot be written, a file or a directory', () => {
    const maskedPaths = ['/secret', '/secrets', '/nowhere', '/secret'];
    using bundle = new Bundle(
      'cat /secret; ls /secrets; touch /secrets/new 2>/dev/null || echo refused; stat -c %F /secret',
      withLinux({maskedPaths}),
    );
    writeFileSync(bundle.inRootfs('secret'), 'told\n');
    mkdirSync(bundle.inRootfs('secrets'));
    writeFileSync(bundle.inRootfs('secrets/one'), 'told\n');
    expect(bundle.output()).toBe('refused\ncharacter special file\n');
  });

  test('is what a link of the container leads to, never what lies outside', () => {
    using bundle = new Bundle('cat /real; cat /link', withLinux({maskedPaths: ['/link']}));
    writeFileSync(bundle.inRootfs('real'), 'told\n');
    symlinkSync('/../../real', bundle.inRootfs('link'));
    expect(bundle.output()).toBe('');
  });
});

describeRoot('a read-only path', () => {
  test('can be read, and not written, with all below it', () => {
    using bundle = new Bundle(
      'cat /kept/file; echo x 2>/dev/null > /kept/file || echo refused; touch /kept/dir/x 2>/dev/null || echo refused',
      withLinux({readonlyPaths: ['/kept', '/nowhere']}),
    );
    mkdirSync(bundle.inRootfs('kept/dir'), {recursive: true});
    writeFileSync(bundle.inRootfs('kept/file'), 'told\n');
    expect(bundle.output()).toBe('told\nrefused\nrefused\n');
  });
});

describeRoot('a root file system', () => {
  test('that is read-only lets nothing be written but where something else is mounted', () => {
    using bundle = new Bundle(
      'touch /x 2>/dev/null || echo refused; touch /dev/shm/x && echo written',
      (spec) => ({...spec, root: {path: 'rootfs', readonly: true}}),
    );
    expect(bundle.output()).toBe('refused\nwritten\n');
  });

  test('is refused where it is not there', () => {
    using bundle = new Bundle('true', (spec) => ({...spec, root: {path: 'elsewhere'}}));
    const {status, stderr} = bundle.create();
    expect([status, stderr]).toEqual([1, expect.stringContaining('elsewhere')]);
  });
});

describeRoot('a filter of system calls', () => {
  const refusing = (action: string, more: object = {}, rule: object = {}) =>
    withLinux({
      seccomp: {
        defaultAction: 'SCMP_ACT_ALLOW',
        architectures: ['SCMP_ARCH_X86_64'],
        ...more,
        syscalls: [{names: ['mkdir', 'mkdirat', 'unheard_of'], action, ...rule}],
      },
    });

  test('gives the errno that is asked for, else EPERM', () => {
    using plain = new Bundle('mkdir /tmp/x 2>&1; true', refusing('SCMP_ACT_ERRNO'));
    expect(plain.output()).toContain('Operation not permitted');
    using given = new Bundle(
      'mkdir /tmp/x 2>&1; true',
      refusing('SCMP_ACT_ERRNO', {}, {errnoRet: 28}),
    );
    expect(given.output()).toContain('No space left');
  });

  test('ends who calls what it kills for', () => {
    using bundle = new Bundle('', (spec) => {
      const filtered = refusing('SCMP_ACT_KILL_PROCESS')(spec);
      return withProcess({args: ['mkdir', '/tmp/x']})(filtered);
    });
    expect(bundle.run().status).toBe(128 + 31);
  });

  test.each([true, false])(
    'may refuse what a runtime does itself: no_new_privs %s',
    (noNewPrivileges) => {
      const names = [
        'getcwd',
        'openat2',
        'close_range',
        'umask',
        'setresuid',
        'setgroups',
        'fcntl',
      ];
      using bundle = new Bundle('', (spec) => {
        const syscalls = [{names, action: 'SCMP_ACT_ERRNO', errnoRet: 1}];
        const seccomp = {defaultAction: 'SCMP_ACT_ALLOW', syscalls};
        const change = {noNewPrivileges, args: ['/bin/echo', 'ran'], cwd: '/tmp'};
        return withProcess(change)(withLinux({seccomp})(spec));
      });
      expect(bundle.output()).toBe('ran\n');
    },
  );
});
