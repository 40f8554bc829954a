// oidc-provider is a library; this is the smallest server around it: `node server.mjs PORT`.
// Client credentials with `resource` give a JWT signed with RS256, without it an opaque token; refresh tokens rotate.

import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';
import { setStorage } from './node_modules/oidc-provider/lib/adapters/memory_adapter.js';
import LRU from './node_modules/oidc-provider/lib/helpers/lru.js';

const port = Number(process.argv[2]);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const api = { scope: 'api', audience: 'bench', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } };

setStorage(new LRU({ maxSize: 100_000 })); // its own holds a thousand things, and forgets codes before they are used

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'bench',
      client_secret: 'bench-secret',
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
      redirect_uris: ['http://127.0.0.1:9/callback'],
    },
  ],
  cookies: { keys: ['bench'] },
  features: {
    clientCredentials: { enabled: true },
    resourceIndicators: { enabled: true, getResourceServerInfo: () => api },
  },
  issueRefreshToken: () => true,
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'bench' }] },
  pkce: { required: () => false },
  rotateRefreshToken: () => true,
  scopes: ['openid', 'api'],
  ttl: { AuthorizationCode: 600 },
});

provider.listen(port, '127.0.0.1');
