// Runs Adobe's own client through register, process, waitActivation and unregister. Reads the settings as JSON from standard
// input and writes what it saw as JSON to standard output.
import { text } from "node:stream/consumers";
import client from "@adobe/asset-compute-client";

const { integration, url, source, renditions } = JSON.parse(await text(process.stdin));
const assetCompute = new client.AssetComputeClient(integration, { url, imsEndpoint: url, interval: 100 });

const register = await assetCompute.register();
const accepted = await assetCompute.process(source, renditions);
const events = await assetCompute.waitActivation(accepted.requestId, 30000);
const unregister = await assetCompute.unregister();
await assetCompute.close();

// The client reports on standard output as well; the answer is the last line.
console.log(`\n${JSON.stringify({ register, process: accepted, events, unregister })}`);
