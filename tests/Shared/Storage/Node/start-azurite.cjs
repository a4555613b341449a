// Azurite's blob service on a free port.
const { endWithParent, ready } = require('./requests.cjs');
const net = require('net');

endWithParent();
const probe = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(() => {
    process.argv.push('--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', process.argv[2], '--silent', '--skipApiVersionCheck', '--disableTelemetry');
    process.argv.splice(2, 1);
    require('azurite/dist/src/blob/main.js');
    const wait = () => net.connect(port, '127.0.0.1').on('connect', function () {
      this.destroy();
      ready(port);
    }).on('error', () => setTimeout(wait, 50));
    wait();
  });
});
