import type {Resources} from '../config/resources.ts';

/** What limits a container that asks for nothing else: Podman's bound on a fork bomb. */
export const defaultResources: Resources = Object.freeze({pids: Object.freeze({limit: 2048})});
