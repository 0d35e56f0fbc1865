import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {csvFields} from './csv.ts';

describe('csvFields', () => {
  it('reads what was written, whatever the fields', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), {minLength: 1}), (fields) => {
        const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
        expect(csvFields(line)).toEqual(fields);
      }),
    );
  });

  it('reads fields without quotes', () => {
    expect(csvFields('a,b=c,')).toEqual(['a', 'b=c', '']);
    expect(csvFields('')).toEqual(['']);
  });

  it.each(['"a', 'a"b', '"a"b', '"a""'])('%s is no such line', (line) => {
    expect(csvFields(line)).toBeUndefined();
  });
});
