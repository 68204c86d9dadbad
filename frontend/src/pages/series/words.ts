/** What a date of a series meets, in words, icons and tones; never red, since nobody is at fault. */
import type { PlainKey } from '$lib/i18n';
import type { Fate, Rhythm, Scope } from './shapes.ts';

interface FateWords {
  readonly text: PlainKey;
  readonly icon: string;
  readonly tone: 'plain' | 'ok' | 'warn';
}

export const fates: Readonly<Record<Fate, FateWords>> = {
  free: { text: 'series.free', icon: 'done', tone: 'ok' },
  clash: { text: 'series.clash', icon: 'alert', tone: 'warn' },
  patient_clash: { text: 'series.patient_clash', icon: 'alert', tone: 'warn' },
  outside_hours: { text: 'series.outside_hours', icon: 'clock', tone: 'warn' },
  reserved: { text: 'series.reserved', icon: 'clock', tone: 'warn' },
  no_room: { text: 'series.no_room', icon: 'alert', tone: 'warn' },
  leave: { text: 'series.leave', icon: 'calendar', tone: 'plain' },
  holiday: { text: 'series.holiday', icon: 'calendar', tone: 'plain' },
  left_out: { text: 'series.left_out', icon: 'x', tone: 'plain' },
};

export const rhythms: Readonly<Record<Rhythm, PlainKey>> = { weekly: 'series.weekly', fortnightly: 'series.fortnightly', monthly: 'series.monthly' };

export const scopes: Readonly<Record<Scope, PlainKey>> = { this: 'series.this', following: 'series.following', all: 'series.all' };
