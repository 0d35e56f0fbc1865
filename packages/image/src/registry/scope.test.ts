import {expect, it} from 'vitest';
import {mergeScopes} from './scope.ts';

it('asks for what we need and for what the registry says, once for each repository', () => {
  expect(
    mergeScopes(
      [
        {repository: 'a/b', actions: ['push', 'pull']},
        {repository: 'c', actions: ['pull']},
      ],
      'repository:a/b:pull,delete registry:catalog:* plain',
    ),
  ).toEqual([
    'repository:a/b:delete,pull,push',
    'repository:c:pull',
    'registry:catalog:*',
    'plain',
  ]);
});

it('asks for nothing where there is nothing to be done', () => {
  expect(mergeScopes([], undefined)).toEqual([]);
  expect(mergeScopes([], ' ')).toEqual([]);
});
