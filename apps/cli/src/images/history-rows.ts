import type {HistoryStep} from '@minicontainer/engine/images';
import {ago} from '../listing/age.ts';
import {humanSize} from '../listing/size.ts';
import {oneLine} from '../output/one-line.ts';
import type {Struct} from '../template/index.ts';
import {shortId} from './image-rows.ts';

export interface HistoryOptions {
  readonly noTrunc: boolean;
  /** Ages and sizes for people, or dates and bytes. */
  readonly human: boolean;
  readonly now: number;
}

const longestCommand = 45;

export const historyLine = '{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}';

export function historyHeaders({human}: Pick<HistoryOptions, 'human'>): Struct {
  return {
    Comment: 'COMMENT',
    CreatedAt: 'CREATED AT',
    CreatedBy: 'CREATED BY',
    CreatedSince: human ? 'CREATED' : 'CREATED AT',
    ID: 'IMAGE',
    Size: 'SIZE',
  };
}

/** What a line needs of a step. */
export interface ListedStep extends Omit<HistoryStep, 'layer'> {
  readonly layer?: {readonly unpackedBytes: number};
}

/** A line of `history` for a step, in Docker's fields. */
export function historyRow(step: ListedStep, {noTrunc, human, now}: HistoryOptions): Struct {
  const {id, created, createdBy, comment, layer} = step;
  const command = oneLine(createdBy);
  const bytes = layer?.unpackedBytes ?? 0;
  const at = dateOf(created);
  return {
    Comment: oneLine(comment),
    CreatedAt: at,
    CreatedBy: noTrunc ? command : shortened(command),
    CreatedSince: human ? ago(created, now) : at,
    ID: id === undefined ? '<missing>' : noTrunc ? id : shortId(id),
    Size: human ? humanSize(bytes, 3) : String(bytes),
  };
}

function shortened(text: string): string {
  const characters = [...text];
  if (characters.length <= longestCommand) return text;
  return `${characters.slice(0, longestCommand - 1).join('')}…`;
}

function dateOf(created: string | undefined): string {
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) ? '' : new Date(time).toISOString().replace(/\.\d+/, '');
}
