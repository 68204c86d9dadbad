/** Codes of the log and of consents in plain words. */
import type { Compartment, LogEntry } from '$lib/api';
import { type PlainKey, t } from '$lib/i18n';
import { isOwn } from './entries';

const ROLES: Readonly<Record<string, PlainKey>> = {
  practitioner: 'privacy.role_practitioner',
  supervisor: 'privacy.role_supervisor',
  reception: 'privacy.role_reception',
  clinic_admin: 'privacy.role_clinic_admin',
  privacy_officer: 'privacy.role_privacy_officer',
  auditor: 'privacy.role_auditor',
  system_administrator: 'privacy.role_system_administrator',
  guardian: 'privacy.role_guardian',
  patient: 'privacy.role_patient',
};

/** By the first word of the action where the whole is not listed. */
const ACTIONS: Readonly<Record<string, PlainKey>> = {
  'note.read': 'privacy.did_note_read',
  'note.list': 'privacy.did_note_list',
  'note.create': 'privacy.did_note_write',
  'note.write': 'privacy.did_note_write',
  'note.save': 'privacy.did_note_write',
  'note.sign': 'privacy.did_note_sign',
  'note.amend': 'privacy.did_note_write',
  'consent.grant': 'privacy.did_consent_grant',
  'consent.revoke': 'privacy.did_consent_revoke',
  'care_team.assign': 'privacy.did_assign',
  'care_team.confirm': 'privacy.did_confirm',
  'appointment.book': 'privacy.did_book',
  'appointment.cancel': 'privacy.did_cancel',
  'patient.register': 'privacy.did_register',
  'patient.invite': 'privacy.did_invite',
  'patient.accept': 'privacy.did_accept',
  'patient.update': 'privacy.did_details_change',
  'series.book': 'privacy.did_book',
  'series.cancel': 'privacy.did_cancel',
  'seat.take': 'privacy.did_book',
  'seat.give_up': 'privacy.did_cancel',
  appointment: 'privacy.did_appointment',
  series: 'privacy.did_appointment',
  seat: 'privacy.did_appointment',
  participant: 'privacy.did_appointment',
  clock_change: 'privacy.did_appointment',
  waitlist: 'privacy.did_waitlist',
  offer: 'privacy.did_waitlist',
  urgent_request: 'privacy.did_urgent',
  referral: 'privacy.did_referral',
  note: 'privacy.did_note_read',
  consent: 'privacy.did_consent_read',
  'care_relationship.create': 'privacy.did_assign',
  'care_relationship.confirm': 'privacy.did_confirm',
  care_team: 'privacy.did_care_team_read',
  care_relationship: 'privacy.did_assign',
  access_log: 'privacy.did_log_read',
  patient: 'privacy.did_details',
  room: 'privacy.did_room',
  delivery: 'privacy.did_appointment',
  guardian: 'privacy.did_guardian',
};

const PURPOSES: Readonly<Record<string, PlainKey>> = {
  TREAT: 'privacy.why_treat',
  COC: 'privacy.why_coc',
  ETREAT: 'privacy.why_emergency',
  BTG: 'privacy.why_emergency',
  PATRQT: 'privacy.why_patient',
  FAMRQT: 'privacy.why_family',
  HOPERAT: 'privacy.why_operations',
  HPAYMT: 'privacy.why_operations',
};

const REASONS: Readonly<Record<string, PlainKey>> = {
  no_relationship: 'privacy.refused_no_relationship',
  relationship_unconfirmed: 'privacy.refused_unconfirmed',
  no_consent: 'privacy.refused_no_consent',
  role_not_allowed: 'privacy.refused_role',
  purpose_not_allowed: 'privacy.refused_purpose',
  withheld: 'privacy.refused_withheld',
};

const COMPARTMENTS: Readonly<Record<Compartment, PlainKey>> = {
  general: 'privacy.part_general',
  psychotherapy: 'privacy.part_psychotherapy',
  sud: 'privacy.part_sud',
  media: 'privacy.part_media',
};

export function roleWord(roles: string): string {
  const known = roles.split(',').find((role) => role in ROLES);
  return t(ROLES[known ?? ''] ?? 'privacy.role_staff');
}

export function actorName(entry: LogEntry): string {
  if (isOwn(entry)) return t('privacy.you');
  return entry.actor_name ?? t(entry.actor_role === 'system' ? 'privacy.the_system' : 'privacy.somebody');
}

export function actionWords(entry: LogEntry): string {
  const area = entry.action.split('.')[0] ?? '';
  return t(ACTIONS[entry.action] ?? ACTIONS[area] ?? 'privacy.did_other');
}

export function reasonWords(entry: LogEntry): string {
  if (entry.outcome === 'refused') return t(REASONS[entry.reason_code ?? ''] ?? 'privacy.refused_other');
  if (isOwn(entry)) return t('privacy.why_patient');
  return t(PURPOSES[entry.purpose ?? ''] ?? 'privacy.why_other');
}

export const partWord = (part: Compartment): string => t(COMPARTMENTS[part]);
