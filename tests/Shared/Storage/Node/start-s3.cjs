// s3rver, extended with the operations that the product needs: ListParts, AbortMultipartUpload, S3's minimum part size, and validation of
// pre-signed URLs.
const { endWithParent, ready } = require('./requests.cjs');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const S3rver = require('s3rver');

const directory = process.argv[2];
const bucket = 'assets';
const secret = 'S3RVER';
const minPartSize = 5 << 20;
const partsOfPage = 2;

class Refusal extends Error {
  constructor(status, code) {
    super(code);
    Object.assign(this, { status, code });
  }
}

const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();

// Checks signature version 4 of a pre-signed URL. The only signed header is host, because Adobe's worker sends no other by itself.
function checkSignature(request) {
  const [rawPath, rawQuery = ''] = request.url.split('?');
  const query = rawQuery.split('&').filter(field => !field.startsWith('X-Amz-Signature='));
  const value = name => decodeURIComponent((query.find(field => field.startsWith(name + '=')) || '').slice(name.length + 1));
  const [, day, region, service] = value('X-Amz-Credential').split('/');
  if (value('X-Amz-SignedHeaders') !== 'host') {
    throw new Refusal(403, 'HeadersNotSigned');
  }

  const date = value('X-Amz-Date');
  const started = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Date.now() > started + Number(value('X-Amz-Expires')) * 1000) {
    throw new Refusal(403, 'AccessDenied');
  }

  const canonical = [request.method, rawPath, query.sort().join('&'), `host:${request.headers.host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, crypto.createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = hmac(hmac(hmac(hmac('AWS4' + secret, day), region), service), 'aws4_request');
  if (hmac(key, toSign).toString('hex') !== (rawQuery.match(/X-Amz-Signature=([0-9a-f]+)/) || [])[1]) {
    throw new Refusal(403, 'SignatureDoesNotMatch');
  }
}

function partsOf(folder) {
  return fs.readdirSync(folder).filter(file => /^\d+$/.test(file)).map(Number).sort((a, b) => a - b).map(number => ({
    number,
    size: fs.statSync(path.join(folder, String(number))).size,
    etag: fs.readFileSync(path.join(folder, `${number}.md5`), 'utf8'),
  }));
}

function listParts(context, folder) {
  const after = partsOf(folder).filter(part => part.number > Number(context.query['part-number-marker'] || 0));
  const page = after.slice(0, partsOfPage);
  context.type = 'application/xml';
  context.body = '<?xml version="1.0" encoding="UTF-8"?><ListPartsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    + `<IsTruncated>${page.length < after.length}</IsTruncated>`
    + (page.length ? `<NextPartNumberMarker>${page[page.length - 1].number}</NextPartNumberMarker>` : '')
    + page.map(part => `<Part><PartNumber>${part.number}</PartNumber><ETag>"${part.etag}"</ETag><Size>${part.size}</Size></Part>`).join('')
    + '</ListPartsResult>';
}

const server = new S3rver({ directory, address: '127.0.0.1', port: 0, silent: true, vhostBuckets: false, configureBuckets: [{ name: bucket, configs: [] }] });
server.middleware.unshift(async (context, next) => {
  try {
    if (context.query['X-Amz-Algorithm']) {
      checkSignature(context.req);
    }

    const folder = context.query.uploadId && path.join(server.store.getResourcePath(bucket, undefined, 'uploads'), context.query.uploadId);
    if (folder && !fs.existsSync(folder)) {
      throw new Refusal(404, 'NoSuchUpload');
    }

    if (folder && context.method === 'GET') {
      listParts(context, folder);
    } else if (folder && context.method === 'DELETE') {
      fs.rmSync(folder, { recursive: true });
      context.status = 204;
    } else if (folder && context.method === 'POST' && partsOf(folder).slice(0, -1).some(part => part.size < minPartSize)) {
      throw new Refusal(400, 'EntityTooSmall');
    } else {
      await next();
    }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) {
      throw refusal;
    }

    context.status = refusal.status;
    context.type = 'application/xml';
    context.body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${refusal.code}</Code><Message>${refusal.code}</Message></Error>`;
  }
});

endWithParent();
server.run().then(address => ready(address.port));
