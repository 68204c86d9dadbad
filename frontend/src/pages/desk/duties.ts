/** What the roles that watch over the clinic can do in this version, and by which command or address. */
import type { PlainKey } from '../../lib/i18n/index.ts';

interface Way {
  readonly text: PlainKey;
  readonly code: string;
}

export interface Duty {
  readonly role: string;
  readonly name: PlainKey;
  readonly does: PlainKey;
  readonly ways: readonly Way[];
  /** Where the ways are: on the clinic's machine, or over the API. */
  readonly where: PlainKey;
}

const DUTIES: readonly Duty[] = [
  {
    role: 'privacy_officer', name: 'staff.role_privacy_officer', does: 'desk.privacy_does', where: 'desk.by_api',
    ways: [
      { text: 'desk.find_person', code: 'POST /api/v1/patients/search' },
      { text: 'desk.read_consents', code: 'GET /api/v1/patients/{id}/consents' },
      { text: 'desk.read_log', code: 'GET /api/v1/patients/{id}/access-log' },
    ],
  },
  {
    role: 'auditor', name: 'staff.role_auditor', does: 'desk.auditor_does', where: 'desk.on_machine',
    ways: [
      { text: 'desk.verify_trail', code: 'clinic audit verify' },
      { text: 'desk.checkpoint', code: 'clinic audit checkpoint --output checkpoint.txt' },
      { text: 'desk.compare', code: 'clinic audit verify --checkpoint checkpoint.txt' },
    ],
  },
  {
    role: 'system_administrator', name: 'staff.role_system_administrator', does: 'desk.system_does', where: 'desk.on_machine',
    ways: [
      { text: 'desk.doctor', code: 'clinic doctor' },
      { text: 'desk.keys', code: 'clinic keys verify' },
      { text: 'desk.schema', code: 'clinic db check' },
      { text: 'desk.users', code: 'clinic users list' },
    ],
  },
];

export const dutiesOf = (roles: readonly string[]): Duty[] => DUTIES.filter((duty) => roles.includes(duty.role));
