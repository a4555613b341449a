// The same crowd with Adobe's client, used as in its README: every caller takes the next call until none remain.
"use strict";

const { createRequire } = require("node:module");
const { AssetCompute } = createRequire(process.cwd() + "/")("@adobe/asset-compute-client");

const [url, calls, callers] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const client = new AssetCompute({ accessToken: "benchmark", org: "benchmark@AdobeOrg", apiKey: "benchmark", url });

async function run(count, crowd) {
    const start = performance.now();
    const result = { failed: 0, cpu: 0, succeeded: [] };
    const cpu = process.cpuUsage();
    let next = 0;
    async function caller() {
        while (next < count) {
            const number = next++;
            try {
                await client.process(
                    `https://source.example/${number}.jpg`,
                    [{ fmt: "png", width: 48, height: 48, target: `https://target.example/${number}.png` }]);
                result.succeeded.push((performance.now() - start) / 1000);
            } catch {
                result.failed++;
            }
        }
    }

    await Promise.all(Array.from({ length: crowd }, caller));
    const { user, system } = process.cpuUsage(cpu);
    result.cpu = (user + system) / 1e6;
    return result;
}

run(32, 4).then(() => {
    process.stdin.once("data", async () => {
        process.stdout.write(`${JSON.stringify(await run(calls, callers))}\n`, () => process.exit());
    });
    console.log("ready");
});
