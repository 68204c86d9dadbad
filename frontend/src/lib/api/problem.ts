/** Errors of the server as RFC 9457 tells them; pages act on `code`, people read `detail`. */

export interface ProblemBody {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  readonly [fact: string]: unknown;
}

/** `network` is ours: the request never reached the server or no answer came back. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: Readonly<Record<string, readonly string[]>>;
  readonly facts: ProblemBody;

  constructor(body: ProblemBody) {
    super(body.detail ?? body.title ?? body.code);
    this.name = 'Problem';
    this.status = body.status;
    this.code = body.code;
    this.errors = body.errors ?? {};
    this.facts = body;
  }

  get offline(): boolean {
    return this.code === 'network';
  }
}

function isBody(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'code' in value && 'status' in value;
}

/** The problem in an answer that is not a success; a proxy's HTML page becomes `http_502`. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (isBody(body)) return new Problem(body);
  return new Problem({ status: response.status, code: `http_${response.status}` });
}

export const unreachable = (): Problem => new Problem({ status: 0, code: 'network' });
