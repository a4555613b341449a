// Runs Adobe's client through register, process, waitActivation, and unregister. Reads the settings as JSON from standard
// input and writes the results as JSON to standard output.
import { text } from "node:stream/consumers";
import client from "@adobe/asset-compute-client";

const { integration, url, source, renditions } = JSON.parse(await text(process.stdin));
const assetCompute = new client.AssetComputeClient(integration, { url, imsEndpoint: url, interval: 100 });

const register = await assetCompute.register();
const accepted = await assetCompute.process(source, renditions);
const events = await assetCompute.waitActivation(accepted.requestId, 30000);
const unregister = await assetCompute.unregister();
await assetCompute.close();

// The client also writes to standard output, so the result is the last line.
console.log(`\n${JSON.stringify({ register, process: accepted, events, unregister })}`);
