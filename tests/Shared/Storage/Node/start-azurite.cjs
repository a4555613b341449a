// Azurite's blob service on a free port. Uses https with OAuth if a certificate and its key are specified.
const { endWithParent, ready } = require('./requests.cjs');
const net = require('net');

const [location, certificate, key] = process.argv.splice(2);
const secure = certificate ? ['--cert', certificate, '--key', key, '--oauth', 'basic'] : [];
endWithParent();
const probe = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(() => {
    process.argv.push('--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', location, '--silent', '--skipApiVersionCheck', '--disableTelemetry', ...secure);
    require('azurite/dist/src/blob/main.js');
    const wait = () => net.connect(port, '127.0.0.1').on('connect', function () {
      this.destroy();
      ready(port, certificate ? 'https' : 'http');
    }).on('error', () => setTimeout(wait, 50));
    wait();
  });
});
