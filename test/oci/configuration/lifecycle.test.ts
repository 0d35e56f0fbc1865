import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {Bundle, withProcess} from './bundle.ts';

describeRoot('an id', () => {
  test.each(['', '.', '..', '/', 'a/b', '../x', 'with blank', 'ü', 'a\n'])('cannot be %j', (id) => {
    using bundle = new Bundle('true');
    const {status, stderr} = bundle.runtime('run', '--bundle', bundle.path, id);
    expect(status).toBe(1);
    expect(stderr).not.toBe('');
    expect(existsSync(bundle.root) ? readdirSync(bundle.root) : []).toEqual([]);
  });

  test.each(['a', 'A_0.b-c+d', '0123456789'.repeat(10)])('can be %s', (id) => {
    using bundle = new Bundle('true');
    expect(bundle.runtime('run', '--bundle', bundle.path, id).status).toBe(0);
  });

  test('is of one container until that is deleted, and then of another', () => {
    using bundle = new Bundle('sleep 100');
    expect(bundle.create().status).toBe(0);
    const {status, stderr} = bundle.create();
    expect([status, stderr]).toEqual([1, expect.stringContaining('already exists')]);
    expect(bundle.runtime('delete', '--force', bundle.id).status).toBe(0);
    expect(bundle.create().status).toBe(0);
  });
});

describeRoot('the pid file', () => {
  test('is there when create returns, with the pid that state tells, without a line break', () => {
    using bundle = new Bundle('sleep 100');
    const file = join(bundle.path, 'pid');
    expect(bundle.create('--pid-file', file).status).toBe(0);
    const {pid, status} = JSON.parse(bundle.runtime('state', bundle.id).stdout);
    expect([readFileSync(file, 'utf8'), status]).toEqual([String(pid), 'created']);
  });

  test("is relative to the caller's directory, not to the bundle", () => {
    using bundle = new Bundle('sleep 100');
    expect(bundle.create('--pid-file', 'pid').status).toBe(0);
    expect(existsSync(join(bundle.path, 'pid'))).toBe(false);
    expect(existsSync(join(bundle.path, '../pid'))).toBe(true);
  });
});

describeRoot('the configuration', () => {
  test('is the one that the container was created with, whatever becomes of the file', () => {
    using bundle = new Bundle('echo first');
    expect(bundle.create().status).toBe(0);
    bundle.configure({});
    expect(bundle.runtime('start', bundle.id).status).toBe(0);
    expect(bundle.ended()).toBe('first\n');
  });

  test('is refused where it is no JSON, and where it is missing', () => {
    using bundle = new Bundle('true');
    writeFileSync(join(bundle.path, 'config.json'), '{');
    expect(bundle.run().status).toBe(1);
    const {status, stderr} = bundle.runtime('run', '--bundle', '/nowhere', bundle.id);
    expect([status, stderr]).toEqual([1, expect.stringContaining('no such file or directory')]);
  });

  test('may have what no version of the specification knows', () => {
    using bundle = new Bundle('echo ran', (spec) => ({...spec, unheardOf: {deep: [1]}}));
    expect(bundle.output()).toBe('ran\n');
  });

  test('may have null for what it leaves out', () => {
    using bundle = new Bundle('echo ran');
    const config = JSON.parse(bundle.read('config.json'));
    Object.assign(config, {hooks: null, annotations: null});
    Object.assign(config.process, {rlimits: null, oomScoreAdj: null});
    Object.assign(config.linux, {resources: null, seccomp: null, sysctl: null});
    bundle.configure(config);
    expect(bundle.output()).toBe('ran\n');
  });

  test('has a version of the specification, of the first major one', () => {
    using bundle = new Bundle('true', (spec) => ({...spec, ociVersion: '2.0.0'}));
    expect(bundle.run().status).toBe(1);
    using none = new Bundle('true', (spec) => ({...spec, ociVersion: 'invalid'}));
    expect(none.run().status).toBe(1);
  });

  test('hands its annotations to whoever asks for the state', () => {
    const annotations = {'org.example.one': 'a "quoted"\nvalue', two: ''};
    using bundle = new Bundle('sleep 100', (spec) => ({...spec, annotations}));
    bundle.create();
    const state = JSON.parse(bundle.runtime('state', bundle.id).stdout);
    expect(state).toMatchObject({
      id: bundle.id,
      bundle: bundle.path,
      status: 'created',
      annotations,
    });
    expect(state.ociVersion).toMatch(/^1\./);
  });
});

describeRoot('a container', () => {
  test('is nothing of the command before start, and runs once', () => {
    using bundle = new Bundle('echo ran >> /ran');
    bundle.create();
    expect(existsSync(bundle.inRootfs('ran'))).toBe(false);
    expect(bundle.runtime('start', bundle.id).status).toBe(0);
    bundle.ended();
    expect(bundle.runtime('start', bundle.id).status).toBe(1);
    expect(readFileSync(bundle.inRootfs('ran'), 'utf8')).toBe('ran\n');
  });

  test('that never ran is deleted without force, and one that runs is not', () => {
    using bundle = new Bundle('sleep 100');
    bundle.create();
    expect(bundle.runtime('delete', bundle.id).status).toBe(0);
    bundle.create();
    bundle.runtime('start', bundle.id);
    expect(bundle.runtime('delete', bundle.id).status).toBe(1);
    expect(JSON.parse(bundle.runtime('state', bundle.id).stdout).status).toBe('running');
  });

  test.each(['KILL', 'SIGKILL', 'kill', '9'])('is killed by the signal %s, once', (signal) => {
    using bundle = new Bundle('sleep 100');
    bundle.create();
    bundle.runtime('start', bundle.id);
    expect(bundle.runtime('kill', bundle.id, signal).status).toBe(0);
    bundle.ended();
    const {status, stderr} = bundle.runtime('kill', bundle.id, signal);
    expect([status, stderr]).toEqual([1, expect.stringContaining('not running')]);
  });

  test('of which nothing is known is told to be unknown by every verb', () => {
    using bundle = new Bundle('true');
    for (const words of [['state'], ['start'], ['kill'], ['delete'], ['pause'], ['ps']]) {
      const {status, stderr} = bundle.runtime(...words, 'unknown');
      expect([words, status, stderr]).toEqual([
        words,
        1,
        expect.stringContaining('does not exist'),
      ]);
    }
    expect(bundle.runtime('delete', '--force', 'unknown').status).toBe(0);
  });

  test('gives its standard streams to its user, files as they are', () => {
    using bundle = new Bundle(
      'echo told >/dev/stdout; echo told >&2',
      withProcess({user: {uid: 1000, gid: 1000}}),
    );
    bundle.create();
    bundle.runtime('start', bundle.id);
    expect(bundle.ended()).toBe('told\ntold\n');
  });
});
