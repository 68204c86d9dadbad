/** Which page a path shows to whom: pure, and the same rule as the server's. */

export type Who = 'anyone' | 'signed-out' | 'signed-in' | 'patient' | 'guardian' | 'practitioner' | 'reception' | 'clinic_admin' | 'oversight' | 'staff';

export interface Route {
  /** `/visits/:id`: a name after a colon takes one segment. */
  readonly path: string;
  /** File below src/pages, without `.svelte`. */
  readonly page: string;
  /** Message key of the document's title and first heading; no health words. */
  readonly title: string;
  readonly who: Who;
  /** What the server draws around the page: the patient's bar and tabs, the staff's rail, or nothing. */
  readonly frame: 'patient' | 'staff' | 'bare';
}

export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Visitor {
  readonly roles: readonly string[];
}

const STAFF = ['practitioner', 'supervisor', 'reception', 'clinic_admin', 'privacy_officer', 'auditor', 'system_administrator'];
const ANY_OF: Partial<Record<Who, readonly string[]>> = {
  patient: ['patient', 'guardian'],
  guardian: ['guardian'],
  practitioner: ['practitioner', 'supervisor'],
  reception: ['reception', 'clinic_admin'],
  clinic_admin: ['clinic_admin'],
  oversight: ['privacy_officer', 'auditor', 'system_administrator'],
  staff: STAFF,
};

export function admits(who: Who, visitor: Visitor | null): boolean {
  if (who === 'anyone') return true;
  if (who === 'signed-out') return visitor === null;
  if (visitor === null) return false;
  const roles = ANY_OF[who];
  return roles === undefined || visitor.roles.some((role) => roles.includes(role));
}

export function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return params;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export function match(routes: readonly Route[], path: string, visitor: Visitor | null): Match | null {
  for (const route of routes) {
    const params = admits(route.who, visitor) ? paramsOf(route.path, path) : null;
    if (params) return { route, params };
  }
  return null;
}
