import {MinicontainerError} from '@minicontainer/errors';
import {describe, expect, test} from 'vitest';
import {parseReport, type Report} from './report.ts';

describe('a report of nsexec', () => {
  test.each<[string, Report]>([
    ['3 2 \n', {index: 3, errno: 2, detail: ''}],
    ['3 2\n', {index: 3, errno: 2, detail: ''}],
    ['3 2', {index: 3, errno: 2, detail: ''}],
    ['0 13 /srv/data\n', {index: 0, errno: 13, detail: '/srv/data'}],
    ['17 2 interpreter /bin/x y\n', {index: 17, errno: 2, detail: 'interpreter /bin/x y'}],
    ['17 2 interpreter /bin/sh\r\n', {index: 17, errno: 2, detail: 'interpreter /bin/sh\r'}],
    ['1 2  two spaces\n', {index: 1, errno: 2, detail: ' two spaces'}],
  ])('%j', (line, report) => {
    expect(parseReport(line)).toEqual(report);
  });

  test.each(['', '\n', 'x', '1', '1 x', '-1 2 x', '1 -2 x', '1.5 2', 'Segmentation fault\n'])(
    'is not %j',
    (line) => {
      expect(() => parseReport(line)).toThrow(MinicontainerError);
      expect(() => parseReport(line)).toThrow(expect.objectContaining({code: 'EREPORT'}));
    },
  );

  test('is quoted in short where it is not understood', () => {
    expect(() => parseReport('\u001b[2J'.repeat(100))).toThrow(
      /^nsexec reported "(\\u001b\[2J)+.{0,8}"$/,
    );
  });

  test('keeps every line of a detail that a payload chose', () => {
    expect(parseReport('4 2 user a\nb\n')).toEqual({index: 4, errno: 2, detail: 'user a\nb'});
  });
});
