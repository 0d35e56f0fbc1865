#!/usr/bin/env -S node --
import {main} from './main.ts';
import {printError} from './output/failure.ts';

process.on('uncaughtException', (error) => process.exit(printError(error)));

// Node ends when nothing can happen any more, with 0, though somebody waits.
const unfinished = () => {
  process.exitCode = printError(new Error('stopped in the middle: nothing is left to wait for'));
};
process.once('beforeExit', unfinished);

// Whatever is waited for and never comes ends Node without a word: that is no success.
process.exitCode = 125;
main(process.argv.slice(2)).then((exitCode) => {
  process.off('beforeExit', unfinished);
  process.exitCode = exitCode;
});
