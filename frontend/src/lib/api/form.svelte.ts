/** The state of a form that is sent: busy, and what went wrong. The same tap keeps one idempotency key. */
import { newKey, Problem } from '$lib/api';

export class Sending {
  busy = $state(false);
  problem = $state.raw<Problem | undefined>();
  #key = newKey();

  /** Run `act` once at a time; true when it went through. A new key follows each settled answer. */
  async run(act: (key: string) => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    try {
      await act(this.#key);
      this.#key = newKey();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error;
      if (!error.offline) this.#key = newKey();
      return false;
    } finally {
      this.busy = false;
    }
  }

  errors(field: string): readonly string[] | undefined {
    return this.problem?.errors[field];
  }
}
