// Opens and closes so many servers in this process; prints the median milliseconds of both, as JSON.

import { OAuth2Server } from 'oauth2-mock-server';

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const opening = [];
const closing = [];
for (let i = 0; i < 20; i += 1) {
  const start = performance.now();
  const server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  const open = performance.now();
  await server.stop();
  opening.push(open - start);
  closing.push(performance.now() - open);
}
console.log(JSON.stringify([median(opening), median(closing)]));
