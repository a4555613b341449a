// Uploads a folder with Adobe's uploader. Reads the settings as JSON from standard input and writes the results as JSON to
// standard output.
import { text } from "node:stream/consumers";
import upload from "@adobe/aem-upload";

const { folder, target, accessToken } = JSON.parse(await text(process.stdin));
const options = new upload.FileSystemUploadOptions()
  .withUrl(target)
  .withDeepUpload(true)
  .withHttpOptions({ headers: { Authorization: `Bearer ${accessToken}` } });

const result = await new upload.FileSystemUpload().upload(options, [folder]);

console.log(`\n${JSON.stringify({ result })}`);
