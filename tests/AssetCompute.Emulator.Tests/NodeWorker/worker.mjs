import { createServer } from "node:http";
import { copyFile } from "node:fs/promises";
import { json } from "node:stream/consumers";
import sdk from "@adobe/asset-compute-sdk";

const render = sdk.worker((source, rendition) => copyFile(source.path, rendition.path));
const server = createServer(async (request, response) => {
  const params = await json(request);
  response.end("{}");
  await render(params);
}).listen(process.env.PORT ?? 3000, "127.0.0.1", () => console.log(`Listening on ${server.address().port}`));
