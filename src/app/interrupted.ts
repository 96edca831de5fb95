import { withStoreLock } from "../store/transaction.js";
import { listIds, walFolder } from "../store/wal.js";
import { placesOf, storeDeps } from "./change.js";
import type { Deps } from "./deps.js";
import { findPlace } from "./session.js";

/**
 * Finishes what a killed command left behind, before a changing command looks at names and members that this may be about.
 * Costs one look at a folder when there is nothing to do.
 */
export function finishInterrupted(deps: Deps): void {
  const place = findPlace(deps);
  const places = placesOf(place);
  // Taking the lock is what recovers.
  if (listIds(place.disk, places, walFolder).length > 0) withStoreLock(storeDeps(deps, place), places, () => undefined);
}
