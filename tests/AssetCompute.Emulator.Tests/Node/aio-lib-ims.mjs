// Makes the calls of the end-to-end test of Adobe's library. Reads the settings as JSON from standard input and writes
// the results as JSON to standard output.
import { text } from "node:stream/consumers";
import library from "@adobe/aio-lib-ims";

const { endpoint, clientId, clientSecret, organizationId, jwt } = JSON.parse(await text(process.stdin));
const ims = new library.Ims();
ims.endpoint = endpoint;

const code = `x.${Buffer.from(JSON.stringify({ type: "authorization_code" })).toString("base64")}.x`;
const refused = await ims.getAccessToken(code, clientId, clientSecret, "openid").then(() => "accepted", (error) => error.message);
const exchanged = await ims.exchangeJwtToken(clientId, clientSecret, jwt);
const granted = await ims.getAccessTokenByClientCredentials(clientId, clientSecret, organizationId, ["openid", "AdobeID"]);
const token = exchanged.access_token.token;
const organizations = await ims.getOrganizations(token);
const validated = await ims.validateToken(token, clientId);
const invalidated = await ims.invalidateToken(token, clientId, clientSecret);
const validatedAgain = await ims.validateToken(token, clientId);

console.log(`\n${JSON.stringify({ refused, granted: granted.access_token.token.length > 0, organizations, validated, invalidated, validatedAgain })}`);
