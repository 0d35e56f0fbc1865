import {fail} from './failure.ts';
import {main} from './main.ts';

process.on('uncaughtException', (error) => process.exit(fail(error)));

main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
