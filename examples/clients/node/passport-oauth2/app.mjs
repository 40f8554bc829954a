// passport-oauth2 in an Express application: "Configure Strategy" and "Authenticate Requests".
//
// The README's strategy, with the options `state` and `pkce` (which it does not mention). The library gives the refresh
// token to the verify callback and has no call to use it: when a token has ended, the person signs in again.

import express from 'express'
import session from 'express-session'
import { randomUUID } from 'node:crypto'
import passport from 'passport'
import OAuth2Strategy from 'passport-oauth2'

const { env } = process
const HEADERS = { ingest: { accept: 'application/vnd.ingest.v1+json' } }
const redirectUri = new URL(env.SPARRING_REDIRECT_URI)

passport.use(
  new OAuth2Strategy(
    {
      authorizationURL: env.SPARRING_AUTHORIZE_URL,
      tokenURL: env.SPARRING_TOKEN_URL,
      clientID: env.SPARRING_CLIENT_ID,
      clientSecret: env.SPARRING_CLIENT_SECRET,
      callbackURL: env.SPARRING_REDIRECT_URI,
      scope: env.SPARRING_SCOPE,
      state: true,
      pkce: env.SPARRING_PROVIDER !== 'panopto', // it refuses a code_verifier from a client with a secret
    },
    (accessToken, refreshToken, profile, done) => done(null, { accessToken }),
  ),
)
passport.serializeUser((user, done) => done(null, user))
passport.deserializeUser((user, done) => done(null, user))

const app = express()
app.use(session({ secret: randomUUID(), resave: false, saveUninitialized: false }))
app.use(passport.session())

app.get('/', (request, response) => response.send(request.user ? 'Signed in.' : 'Nobody is signed in: /login'))

app.get('/login', passport.authenticate('oauth2'))

app.get(redirectUri.pathname, passport.authenticate('oauth2', { failureRedirect: '/failed' }), (request, response) =>
  response.redirect('/'),
)

app.get('/failed', (request, response) => response.status(401).send('Sign-in failed.'))

app.get('/action', async (request, response) => {
  if (!request.user) return response.status(401).send('Nobody is signed in: /login')
  const headers = { ...HEADERS[env.SPARRING_PROVIDER], authorization: `Bearer ${request.user.accessToken}` }
  const answer = await fetch(env.SPARRING_API_URL, { headers }).catch(() => undefined)
  if (answer?.status === 401) return request.logout(() => response.status(401).send('Please sign in again: /login'))
  return response.status(answer?.ok ? 200 : 502).send(`The API answers ${answer?.status}.`)
})

app.get('/logout', (request, response, next) =>
  request.logout((error) => (error ? next(error) : response.redirect('/'))),
)

app.listen(Number(redirectUri.port), redirectUri.hostname)
