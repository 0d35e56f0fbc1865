export {type ErrorDetails, MinicontainerError} from './error.ts';
