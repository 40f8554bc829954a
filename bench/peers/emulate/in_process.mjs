// Opens and closes so many servers in this process; prints the median milliseconds of both, as JSON.

import { createServer } from 'node:http';
import { createEmulator } from 'emulate';

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
const opening = [];
const closing = [];
for (let i = 0; i < 20; i += 1) {
  const port = await freePort();
  const start = performance.now();
  const server = await createEmulator({ service: 'microsoft', port });
  const open = performance.now();
  await server.close();
  opening.push(open - start);
  closing.push(performance.now() - open);
}
console.log(JSON.stringify([median(opening), median(closing)]));
