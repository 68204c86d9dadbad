/** What the roles that watch over the clinic can do in this version, and by which command. */
import type { PlainKey } from '../../lib/i18n/index.ts';

interface Way {
  readonly text: PlainKey;
  readonly command?: string;
}

export interface Duty {
  readonly role: string;
  readonly name: PlainKey;
  readonly does: PlainKey;
  readonly ways: readonly Way[];
  /** Where the ways are: on the clinic's machine, or over the API. */
  readonly where: PlainKey;
  /** The page that explains it. */
  readonly page?: string;
}

const DUTIES: readonly Duty[] = [
  {
    role: 'privacy_officer', name: 'staff.role_privacy_officer', does: 'desk.privacy_does', where: 'desk.by_api', page: '/api/docs',
    ways: [
      { text: 'desk.find_person' },
      { text: 'desk.read_consents' },
      { text: 'desk.read_log' },
    ],
  },
  {
    role: 'auditor', name: 'staff.role_auditor', does: 'desk.auditor_does', where: 'desk.on_machine',
    ways: [
      { text: 'desk.verify_trail', command: 'clinic audit verify' },
      { text: 'desk.checkpoint', command: 'clinic audit checkpoint --output checkpoint.txt' },
      { text: 'desk.compare', command: 'clinic audit verify --checkpoint checkpoint.txt' },
    ],
  },
  {
    role: 'system_administrator', name: 'staff.role_system_administrator', does: 'desk.system_does', where: 'desk.on_machine',
    ways: [
      { text: 'desk.doctor', command: 'clinic doctor' },
      { text: 'desk.keys', command: 'clinic keys verify' },
      { text: 'desk.schema', command: 'clinic db check' },
      { text: 'desk.users', command: 'clinic users list' },
    ],
  },
];

export const dutiesOf = (roles: readonly string[]): Duty[] => DUTIES.filter((duty) => roles.includes(duty.role));
