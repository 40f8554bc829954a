// go-oidc on golang.org/x/oauth2, as in its example/idtoken: discovery, state and nonce compared by the caller, Verify.
// The caller has the ID token of a renewal verified too.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.sparring/session"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

type caller struct {
	ctx      context.Context
	lock     sync.Mutex
	config   *oauth2.Config
	verifier *oidc.IDTokenVerifier
	source   oauth2.TokenSource
}

func (c *caller) discover() error {
	provider, err := oidc.NewProvider(c.ctx, session.Setting("ISSUER"))
	if err != nil {
		return err
	}
	c.verifier = provider.Verifier(&oidc.Config{ClientID: session.Setting("CLIENT_ID")})
	c.config = &oauth2.Config{
		ClientID:     session.Setting("CLIENT_ID"),
		ClientSecret: session.Setting("CLIENT_SECRET"),
		Endpoint:     provider.Endpoint(),
		RedirectURL:  session.Setting("REDIRECT_URI"),
		Scopes:       strings.Fields(session.Setting("SCOPE")),
	}
	c.config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	return nil
}

func (c *caller) signedIn(fresh bool) (oauth2.TokenSource, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.source == nil || fresh {
		if err := c.signIn(); err != nil {
			return nil, err
		}
	}
	return c.source, nil
}

func (c *caller) signIn() error {
	if c.config == nil {
		if err := c.discover(); err != nil {
			return err
		}
	}
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	asked, proof := []oauth2.AuthCodeOption{oidc.Nonce(nonce)}, []oauth2.AuthCodeOption{}
	if session.Setting("PROVIDER") != "panopto" { // it refuses a code_verifier from a client with a secret
		asked = append(asked, oauth2.S256ChallengeOption(verifier))
		proof = append(proof, oauth2.VerifierOption(verifier))
	}
	query, err := session.CallbackOf(c.config.AuthCodeURL(state, asked...))
	if err != nil {
		return err
	}
	if query.Get("state") != state {
		return errors.New("state did not match")
	}
	if query.Has("error") {
		return errors.New("the sign-in ended with " + query.Get("error"))
	}
	token, err := c.config.Exchange(c.ctx, query.Get("code"), proof...)
	if err != nil {
		return err
	}
	rawIDToken, ok := token.Extra("id_token").(string)
	if !ok {
		return errors.New("no id_token field in oauth2 token")
	}
	idToken, err := c.verifier.Verify(c.ctx, rawIDToken)
	if err != nil {
		return err
	}
	if idToken.Nonce != nonce {
		return errors.New("nonce did not match")
	}
	c.source = &watched{c.config.TokenSource(c.ctx, token), c, rawIDToken, idToken.Subject}
	return nil
}

// watched looks at the ID token that comes with a renewal: the source that renews does not.
type watched struct {
	oauth2.TokenSource
	caller  *caller
	seen    string
	subject string
}

func (w *watched) Token() (*oauth2.Token, error) {
	token, err := w.TokenSource.Token()
	if err != nil {
		return nil, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok || raw == w.seen {
		return token, nil
	}
	idToken, err := w.caller.verifier.Verify(w.caller.ctx, raw)
	if err != nil {
		return nil, err
	}
	if idToken.Subject != w.subject {
		return nil, errors.New("the renewed ID token is about somebody else")
	}
	w.seen = raw
	return token, nil
}

func (c *caller) Authenticate(fresh bool) (time.Time, error) {
	source, err := c.signedIn(fresh)
	if err != nil {
		return time.Time{}, err
	}
	token, err := source.Token()
	if err != nil {
		return time.Time{}, err
	}
	return token.Expiry, nil
}

func (c *caller) CallAPI() error {
	source, err := c.signedIn(false)
	if err != nil {
		return err
	}
	return session.Get(oauth2.NewClient(c.ctx, source))
}

func main() {
	httpClient := &http.Client{Timeout: session.Patience()}
	session.Serve(&caller{ctx: oidc.ClientContext(context.Background(), httpClient)})
}
