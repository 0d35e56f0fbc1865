#!/usr/bin/env -S node --
import {main} from './main.ts';
import {printError} from './output/failure.ts';

process.on('uncaughtException', (error) => process.exit(printError(error)));

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
