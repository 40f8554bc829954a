// Package client gets a token by client credentials and calls an API with it.
package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Client keeps one token until shortly before its end.
type Client struct {
	TokenURL, APIURL, ID, Secret, Scope string
	Now                                 func() time.Time

	token   string
	renewAt time.Time
}

var transport = &http.Client{
	Timeout:       3 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirects are not followed") },
}

// Get calls the API.
func (c *Client) Get() error {
	if c.token == "" || c.Now().After(c.renewAt) {
		if err := c.renew(); err != nil {
			return err
		}
	}
	request, err := http.NewRequest(http.MethodGet, c.APIURL, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := transport.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the API answered %d", answer.StatusCode)
	}
	return nil
}

func (c *Client) renew() error {
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {c.Scope}, "client_id": {c.ID}, "client_secret": {c.Secret}}
	answer, err := transport.PostForm(c.TokenURL, form)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var reply struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int    `json:"expires_in"`
		Error       string `json:"error"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&reply); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || reply.AccessToken == "" {
		return fmt.Errorf("the token endpoint answered %d %s", answer.StatusCode, reply.Error)
	}
	c.token = reply.AccessToken
	c.renewAt = c.Now().Add(time.Duration(reply.ExpiresIn) * time.Second * 4 / 5)
	return nil
}
