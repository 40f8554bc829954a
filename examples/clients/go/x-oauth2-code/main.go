// The package golang.org/x/oauth2: "Config" with PKCE, "Config (CustomHTTP)", and clientcredentials, which renew by
// themselves. The caller compares the state.
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
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type caller struct {
	ctx    context.Context
	lock   sync.Mutex
	source oauth2.TokenSource
}

func (c *caller) obtained(fresh bool) (oauth2.TokenSource, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.source != nil && !fresh {
		return c.source, nil
	}
	if session.Setting("GRANT") == "client_credentials" {
		config := clientcredentials.Config{
			ClientID:     session.Setting("CLIENT_ID"),
			ClientSecret: session.Setting("CLIENT_SECRET"),
			TokenURL:     session.Setting("TOKEN_URL"),
			Scopes:       strings.Fields(session.Setting("SCOPE")),
			AuthStyle:    oauth2.AuthStyleInParams,
		}
		c.source = config.TokenSource(c.ctx)
		return c.source, nil
	}
	err := c.signIn()
	return c.source, err
}

func (c *caller) signIn() error {
	config := &oauth2.Config{
		ClientID:     session.Setting("CLIENT_ID"),
		ClientSecret: session.Setting("CLIENT_SECRET"),
		Scopes:       strings.Fields(session.Setting("SCOPE")),
		RedirectURL:  session.Setting("REDIRECT_URI"),
		Endpoint: oauth2.Endpoint{
			AuthURL:   session.Setting("AUTHORIZE_URL"),
			TokenURL:  session.Setting("TOKEN_URL"),
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	state, verifier := rand.Text(), oauth2.GenerateVerifier()
	var challenge, proof []oauth2.AuthCodeOption
	if session.Setting("PROVIDER") != "panopto" { // it refuses a code_verifier from a client with a secret
		challenge = append(challenge, oauth2.S256ChallengeOption(verifier))
		proof = append(proof, oauth2.VerifierOption(verifier))
	}
	query, err := session.CallbackOf(config.AuthCodeURL(state, challenge...))
	if err != nil {
		return err
	}
	if query.Get("state") != state {
		return errors.New("the callback is not of this sign-in")
	}
	if query.Has("error") {
		return errors.New("the sign-in ended with " + query.Get("error"))
	}
	token, err := config.Exchange(c.ctx, query.Get("code"), proof...)
	if err != nil {
		return err
	}
	c.source = config.TokenSource(c.ctx, token)
	return nil
}

func (c *caller) Authenticate(fresh bool) (time.Time, error) {
	source, err := c.obtained(fresh)
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
	source, err := c.obtained(false)
	if err != nil {
		return err
	}
	return session.Get(oauth2.NewClient(c.ctx, source))
}

func main() {
	httpClient := &http.Client{Timeout: session.Patience()}
	session.Serve(&caller{ctx: context.WithValue(context.Background(), oauth2.HTTPClient, httpClient)})
}
