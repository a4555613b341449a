// Reads a journal with Adobe's library, page by page and as an observable. Reads the settings as JSON from standard input
// and writes the results as JSON to standard output.
import { text } from "node:stream/consumers";
import events from "@adobe/aio-lib-events";

const { organizationId, clientId, accessToken, journal } = JSON.parse(await text(process.stdin));
const library = await events.init(organizationId, clientId, accessToken);

const first = await library.getEventsFromJournal(journal, { limit: 2 });
const second = await library.getEventsFromJournal(first.link.next);
const since = await library.getEventsFromJournal(journal, { since: first.events[0].position });
const latest = await library.getEventsFromJournal(journal, { latest: true });
const observed = await new Promise((resolve, reject) => {
  const seen = [];
  const subscription = library.getEventsObservableFromJournal(journal, { limit: 2 }, { interval: 100 }).subscribe({
    next: (entry) => {
      seen.push(entry.event);
      if (seen.length === 5) {
        subscription.unsubscribe();
        resolve(seen);
      }
    },
    error: reject,
  });
});

console.log(`\n${JSON.stringify({ first, second, since, latest, observed })}`);

// The observable polls even without a subscriber, so the process must exit explicitly.
process.exit(0);
