import type {RunOptions} from '@minicontainer/engine';
import type {ReplaceOptions} from '@minicontainer/engine/replace';
import type {ImageFetching} from './image.ts';

/** How the image of a `run` gets here; what that takes is loaded when it is needed. */
export function imageProvision(
  {source, userns}: RunOptions,
  fetching: ImageFetching,
): NonNullable<ReplaceOptions['image']> {
  return {
    provide: async () => {
      if (source.kind !== 'image') return undefined;
      const {provideForRun} = await import('../commands/images/provide.ts');
      return await provideForRun(source.name, userns, fetching);
    },
    always: fetching.policy === 'always' || fetching.policy === 'newer',
  };
}
