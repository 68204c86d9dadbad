/** Addresses of the API as types: a path that the server does not have, or not with this method, does not compile. */
import type { paths } from './api';

type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${Filled<After>}` : Path;
type Below<Path> = Path extends `/api/v1${infer Rest}` ? Rest : never;

/** Paths below /api/v1 that answer to `Method`, with any text where the API has a parameter. */
export type PathWith<Method extends string> = {
  [Path in keyof paths & string]: Method extends keyof paths[Path] ? (paths[Path][Method] extends undefined ? never : Filled<Below<Path>>) : never;
}[keyof paths & string];
