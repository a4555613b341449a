// A setup file for jest: redirects requests to Adobe's hosts to the emulator, whose address is in EMULATOR.
const http = require("node:http");
const https = require("node:https");

const emulator = new URL(process.env.EMULATOR);
const prefixes = { "api.adobe.io": "", "eventsingress.adobe.io": "/events" };

https.request = (options, callback) => {
  const prefix = prefixes[options.hostname ?? options.host];
  if (prefix === undefined) {
    throw new Error(`Unexpected host ${options.hostname ?? options.host}`);
  }
  const path = options.path === "/" && prefix ? prefix : prefix + options.path;
  return http.request({ ...options, protocol: "http:", hostname: emulator.hostname, host: emulator.host, port: emulator.port, path, agent: undefined }, callback);
};
