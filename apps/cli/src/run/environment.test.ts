import {describe, expect, it} from 'vitest';
import {environment} from './environment.ts';

const files: Record<string, string | Buffer> = {
  'a.env': '# comment\n\nA=1\n  B=2 \n',
  'crlf.env': 'A=1\r\nB=2\r\n',
  'bom.env': '\uFEFFA=1\n',
  'inherit.env': 'HERE\nNOT_HERE\n',
  'space.env': 'A=1\nexport B=2\n',
  'noname.env': '=1\n',
  'binary.env': Buffer.from([0x41, 0x3d, 0xff]),
  'hash.env': 'A=1 # no comment\n#B=2\n  #C=3\n',
};

const caller = {
  env: {HERE: 'here', EMPTY: ''},
  cwd: () => '/home/me',
  terminal: false,
  readFile: (path: string) => {
    const content = files[path];
    if (content === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return Buffer.from(content);
  },
};

const fromFlags = (...flags: string[]) => environment(flags, [], caller);
const fromFiles = (...names: string[]) => environment([], names, caller);

describe('-e', () => {
  it('sets a value, which may be empty or hold more equals signs', () => {
    expect(fromFlags('A=1', 'B=', 'C=x=y')).toEqual({A: '1', B: '', C: 'x=y'});
  });

  it('a name alone takes the caller’s value, and sets nothing where there is none', () => {
    expect(fromFlags('HERE', 'EMPTY', 'NOT_HERE')).toEqual({HERE: 'here', EMPTY: ''});
  });

  it('the last one wins', () => {
    expect(fromFlags('A=1', 'A=2')).toEqual({A: '2'});
    expect(fromFlags('NOT_HERE=1', 'NOT_HERE')).toEqual({});
  });

  it.each(['', '='])('%j names no variable', (flag) => {
    expect(() => fromFlags(flag)).toThrow(/names no variable/);
    expect(() => fromFlags(`=${flag}`)).toThrow(/names no variable/);
  });

  it('a variable may be called __proto__', () => {
    expect(Object.entries(fromFlags('__proto__=x'))).toEqual([['__proto__', 'x']]);
  });
});

describe('--env-file', () => {
  it('skips comments and empty lines; values are verbatim', () => {
    expect(fromFiles('a.env')).toEqual({A: '1', B: '2 '});
    expect(fromFiles('hash.env')).toEqual({A: '1 # no comment'});
  });

  it('understands line ends of Windows and a byte order mark', () => {
    expect(fromFiles('crlf.env')).toEqual({A: '1', B: '2'});
    expect(fromFiles('bom.env')).toEqual({A: '1'});
  });

  it('a name alone inherits', () => {
    expect(fromFiles('inherit.env')).toEqual({HERE: 'here'});
  });

  it('flags win over files', () => {
    expect(environment(['A=flag'], ['a.env'], caller)).toMatchObject({A: 'flag'});
  });

  it('a bad line is named by file and line', () => {
    expect(() => fromFiles('space.env')).toThrow(
      "run: space.env:2: white space in the variable name 'export B'",
    );
    expect(() => fromFiles('noname.env')).toThrow('run: noname.env:1: no variable name before =');
  });

  it('a file that cannot be read, or is not text, is named', () => {
    expect(() => fromFiles('gone.env')).toThrow(
      'run: cannot read the env file gone.env: no such file or directory',
    );
    expect(() => fromFiles('binary.env')).toThrow('run: the env file binary.env is not UTF-8 text');
  });
});
