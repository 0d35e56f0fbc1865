import {type Operation, operation} from '@minicontainer/plan';

/** Somebody whom a root file system may not know. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** What passwd(5) takes for a name; what it does not take would be another field, or another line. */
const nameForm = /^[A-Za-z_][\w.-]{0,31}$/;

/**
 * Operations that give a user and its group a name in the container where it has none there, so that
 * programs which ask who they are get an answer. The files themselves stay as they are: copies cover them.
 */
export function nameAccount({name, uid, gid, home}: Account): Operation[] {
  const known = nameForm.test(name) ? name : 'user';
  const directory = /^\/[^:\n]*$/.test(home) ? home : '/';
  return [
    ...addLine('passwd', uid, `${known}:x:${uid}:${gid}::${directory}:/bin/sh`),
    ...addLine('group', gid, `${known}:x:${gid}:`),
  ];
}

function addLine(file: string, id: number, line: string): Operation[] {
  const path = `etc/${file}`;
  const why = `the command runs as ${id}, whom /etc/${file} does not know`;
  const mount = `accounts-${file}`;
  return [
    operation('build', 'findAccount', {root: 'root', path, id}, why, {
      optional: ['ENOENT'],
      else: 3,
    }),
    operation(
      'build',
      'copyAccounts',
      {root: 'root', path, room: 'scratch', name: file, line},
      why,
    ),
    operation(
      'build',
      'openTree',
      {root: 'scratch', path: file, recursive: false, device: 0n, to: mount},
      why,
    ),
    operation(
      'build',
      'attachMount',
      {mount, root: 'root', target: path, file: true, create: false, follow: true},
      why,
    ),
  ];
}
