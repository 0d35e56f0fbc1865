import {join} from 'node:path';
import {compileScript} from '@minicontainer/engine/code-cache';
import type {plan} from './planner.ts';

/** Of planner.script.js: the build puts it here. */
declare const plannerDigest: string;

interface PlannerModule {
  exports: {plan?: typeof plan};
}

/** What planner.script.js is: a CommonJS module as Node itself would call it. */
type Evaluate = (
  ...words: [
    exports: PlannerModule['exports'],
    require: NodeJS.Require,
    module: PlannerModule,
    filename: string,
    dirname: string,
  ]
) => void;

// What the native program says to one of whom it wants a plan.
const {MINICONTAINER_OCI_VERB: verb = '', MINICONTAINER_PLAN_FD: channel} = process.env;

if (channel !== undefined && ['create', 'exec', 'run'].includes(verb)) runPlanner();
else require('./commands.cjs');

function runPlanner(): void {
  const directory = import.meta.dirname;
  const path = join(directory, 'planner.script.js');
  const cache = process.env.MINICONTAINER_CACHE;
  const code = cache && join(cache, 'code');
  const {value: evaluate, save} = compileScript<Evaluate>(path, plannerDigest, code);
  const module: PlannerModule = {exports: {}};
  evaluate(module.exports, require, module, path, directory);
  module.exports.plan?.(process.argv.slice(2), save).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
