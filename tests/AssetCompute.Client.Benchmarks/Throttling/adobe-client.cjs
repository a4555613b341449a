// The same crowd with Adobe's own client, as its README uses it: every caller takes the next call until none is left.
"use strict";

const { createRequire } = require("node:module");
const { AssetCompute } = createRequire(process.cwd() + "/")("@adobe/asset-compute-client");

const [url, calls, callers] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = new AssetCompute({ accessToken: "benchmark", org: "benchmark@AdobeOrg", apiKey: "benchmark", url });

let next = 0;
let succeeded = 0;
let failed = 0;

async function caller() {
    while (next < calls) {
        const number = next++;
        try {
            await client.process(
                `https://source.example/${number}.jpg`,
                [{ fmt: "png", width: 48, height: 48, target: `https://target.example/${number}.png` }]);
            succeeded++;
        } catch {
            failed++;
        }
    }
}

Promise.all(Array.from({ length: callers }, caller)).then(() => console.log(`${succeeded} ${failed}`));
