/** Free times of a stretch: the server gives 200 at a time, and a week of a busy clinic has more. */
import { api, type Page, type Query, type Slot } from '$lib/api';

const AT_ONCE = 200;
const LOOKS = 4;

/** All of them, or the first 800; `next` tells that there are more. */
export async function freeTimes(query: Query, signal: AbortSignal, looks = LOOKS): Promise<Page<Slot>> {
  const found = await api.get<Page<Slot>>('/slots', { ...query, limit: AT_ONCE }, { signal });
  if (!found.next || looks === 1) return found;
  const rest = await freeTimes({ ...query, cursor: found.next }, signal, looks - 1);
  return { ...rest, items: [...found.items, ...rest.items] };
}
