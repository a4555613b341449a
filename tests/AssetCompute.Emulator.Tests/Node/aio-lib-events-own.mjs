// Checks what the library's own end-to-end test leaves out: an event of an unknown provider is not published, and the journal contains only the
// published event. Reads the settings as JSON from standard input, and writes the results as JSON to standard output.
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import events from "@adobe/aio-lib-events";

const { organizationId, clientId, accessToken, endpoint } = JSON.parse(await text(process.stdin));
const library = await events.init(organizationId, clientId, accessToken, { retries: 3, eventsBaseURL: endpoint, eventsIngressURL: `${endpoint}/events` });
const workspace = ["org", "project", "workspace"];
const code = "com.example.thing";

const provider = await library.createProvider(...workspace, { label: "Things", organization_id: organizationId });
const metadata = await library.createEventMetadataForProvider(...workspace, provider.id, { event_code: code, description: "A thing", label: "Thing" });
const registration = await library.createRegistration(...workspace, {
  name: "Things", description: "Things", client_id: clientId, delivery_type: "journal", events_of_interest: [{ event_code: code, provider_id: provider.id }],
});
let page = await library.getEventsFromJournal(registration._links["rel:events"].href, { latest: true });
const { retryAfter } = page;
const published = await library.publishEvent({ id: "thing-1", source: `urn:uuid:${provider.id}`, time: new Date().toISOString(), type: code, data: { test: 1 } });
const foreign = await library.publishEvent({ id: "thing-2", source: "urn:uuid:other", time: new Date().toISOString(), type: code, data: {} });
for (let tries = 0; page.events === undefined && tries < 100; tries++) {
  page = await library.getEventsFromJournal(page.link.next);
  await setTimeout(page.events ? 0 : 100);
}
const removed = [
  await library.deleteRegistration(...workspace, registration.registration_id),
  await library.deleteAllEventMetadata(...workspace, provider.id),
  await library.deleteProvider(...workspace, provider.id),
];

console.log(`\n${JSON.stringify({ provider, metadata, registration, retryAfter, published, foreign: typeof foreign, events: page.events, removed: removed.length })}`);
