// Runs the work of the other contestants with Adobe's unmodified clients at the benchmark's server, and measures it in the same way.
"use strict";

const { createRequire } = require("node:module");
const fs = require("node:fs");
const load = createRequire(process.cwd() + "/");

const [work, server, count, runIn, request, token] = [
    process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5]) * 1000, JSON.parse(process.argv[6]), process.argv[7]];
const org = "benchmark@AdobeOrg";
const apiKey = "benchmark";
const interval = 100;
const least = 600;

function peak() {
    return Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
}

function used(since) {
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1e6;
}

// Measures the first pass from the start of the process, and a pass after warm-up.
async function measure(items, action) {
    await action();
    const whole = used();
    const begun = Date.now();
    const before = process.cpuUsage();
    let last;
    do {
        const pass = Date.now();
        await action();
        last = Date.now() - pass;
    } while (used(before) * 1000 < runIn && Date.now() - begun < 2 * runIn);

    const passes = Math.min(100, Math.max(1, Math.ceil(least / last)));
    await new Promise(resolve => setTimeout(resolve, 250));
    const measured = [];
    for (let pass = 0; pass < passes; pass++) {
        const cpu = process.cpuUsage();
        const start = process.hrtime.bigint();
        await action();
        measured.push({ wall: Number(process.hrtime.bigint() - start) / 1e9, cpu: used(cpu) });
    }

    // The median, as in Measurement.cs.
    measured.sort((left, right) => left.cpu - right.cpu);
    const { wall, cpu } = measured[Math.floor(passes / 2)];
    return { items, whole, cpu, wall, allocated: null, peak: peak() };
}

async function crowd(items, callers, call) {
    let next = 0;
    await Promise.all(Array.from({ length: callers }, async () => {
        while (next < items) {
            await call(next++);
        }
    }));
}

function client() {
    const { AssetCompute } = load("@adobe/asset-compute-client");
    return new AssetCompute({ accessToken: token, org, apiKey, url: server + "/bare/node" });
}

function touch(entry) {
    return entry.position.length + touchEvent(entry.event);
}

function touchEvent(event) {
    const { rendition, metadata } = event;
    return event.type.length + event.date.length + event.requestId.length + event.source.length
        + event.userData.tenant.length + rendition.name.length + rendition.fmt.length + rendition.width + rendition.height
        + rendition.quality + rendition.userData.path.length + metadata["repo:size"] + metadata["repo:sha1"].length
        + metadata["dc:format"].length + metadata["tiff:imageWidth"] + metadata["tiff:imageHeight"];
}

// The reader that the asset-compute client uses to wait. It starts at the latest event, so the server returns all events there.
function emitter(events) {
    const { AssetComputeEventEmitter } = require(require.resolve("@adobe/asset-compute-client/lib/eventemitter", { paths: [process.cwd()] }));
    return new Promise((resolve, reject) => {
        let seen = 0;
        let sum = 0;
        const reader = new AssetComputeEventEmitter({ accessToken: token, org, journal: `${server}/pages/${events}/replay`, interval });
        reader.on("error", reject);
        reader.on("rendition_created", event => {
            sum += touchEvent(event);
            if (++seen === events) {
                reader.close().then(() => resolve(sum));
            }
        });
    });
}

async function library(events) {
    const client = await load("@adobe/aio-lib-events").init(org, apiKey, token);
    let next = `${server}/pages/${events}/journal`;
    let seen = 0;
    let sum = 0;
    while (seen < events) {
        const page = await client.getEventsFromJournal(next);
        for (const entry of page.events) {
            sum += touch(entry);
            seen++;
        }

        next = page.link.next;
    }

    return sum;
}

async function jobs() {
    const { AssetComputeClient } = load("@adobe/asset-compute-client");
    const client = new AssetComputeClient(
        {
            TYPE: "oauthservertoserver", ORG_ID: org, CLIENT_ID: apiKey, CLIENT_SECRETS: ["secret"], SCOPES: ["asset_compute"],
            TECHNICAL_ACCOUNT_ID: "a@techacct.adobe.com", TECHNICAL_ACCOUNT_EMAIL: "a@techacct.adobe.com",
        },
        { url: `${server}/jobs/node-${process.pid}`, imsEndpoint: server, interval });
    client.setMaxListeners(0);
    await client.register();
    // Polling starts with the first request, at the latest position. The client misses events before its first poll.
    await client.process(request.source, request.renditions);
    await new Promise(resolve => setTimeout(resolve, 1000));
    const run = async () => {
        const { requestId } = await client.process(request.source, request.renditions);
        const events = await client.waitActivation(requestId);
        if (events.length !== request.renditions.length) {
            throw new Error("An asset has not all of its events.");
        }
    };
    const result = await measure(count, () => crowd(count, 500, run));
    await client.close();
    return result;
}

async function main() {
    switch (work) {
        case "process": {
            const assetCompute = client();
            const call = () => assetCompute.process(request.source, request.renditions);
            return measure(count, () => crowd(count, 32, call));
        }
        case "start": {
            await client().process(request.source, request.renditions);
            return { items: 1, whole: used(), cpu: used(), wall: process.uptime(), allocated: null, peak: peak() };
        }
        case "journal":
            return measure(count, () => emitter(count));
        case "library":
            return measure(count, () => library(count));
        case "jobs":
            return jobs();
        default:
            throw new Error(`Nobody does ${work}.`);
    }
}

main().then(
    result => {
        console.log(`\n${JSON.stringify(result)}`);
        process.exit(0);
    },
    error => {
        console.error(error);
        process.exit(1);
    });
