// Records each request to the servers of this process. GET /__requests returns all of them, without signatures.
const http = require('http');

const requests = [];
const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, response) {
  if (event !== 'request') {
    return emit.apply(this, arguments);
  }

  if (request.url === '/__requests') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(requests));
    return true;
  }

  const url = new URL(request.url, 'http://localhost');
  const query = {};
  for (const [name, value] of url.searchParams) {
    if (!/^(sig|x-amz-signature)$/i.test(name)) {
      query[name] = value;
    }
  }

  requests.push({ method: request.method, path: url.pathname, query, headers: { ...request.headers } });
  return emit.apply(this, arguments);
};

// Standard input closes when the parent process ends for any reason.
exports.endWithParent = () => process.stdin.on('end', () => process.exit(0)).resume();
exports.ready = (port, scheme = 'http') => process.stdout.write(JSON.stringify({ port, scheme }) + '\n');
